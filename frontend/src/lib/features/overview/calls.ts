import { client, unwrap } from '#lib/api/client.ts';
import type { IdentityUpdate, InvitationUpdate } from '#lib/api/types.ts';
import { inDays } from '#lib/format/moments.ts';

export const findPeople = (q: string) =>
  unwrap(client.GET('/api/v1/identities', { params: { query: { q, limit: 8 } } }));

export const findInvitations = (q: string) =>
  unwrap(client.GET('/api/v1/invitations', { params: { query: { q, limit: 8 } } }));

export async function activeInvitations() {
  const query = { status: 'active' as const, sort: '-created_at', limit: 200 };
  return (await unwrap(client.GET('/api/v1/invitations', { params: { query } }))).items;
}

export const anyInvitation = async () =>
  (await unwrap(client.GET('/api/v1/invitations', { params: { query: { limit: 1 } } }))).total > 0;

/** People with access that ends soon, the nearest first. */
export async function peopleEnding() {
  const query = { enabled: true, expiring_before: inDays(14), sort: 'expires_at', limit: 20 };
  return (await unwrap(client.GET('/api/v1/identities', { params: { query } }))).items;
}

export const latestPeople = () =>
  unwrap(
    client.GET('/api/v1/identities', { params: { query: { sort: '-created_at', limit: 6 } } })
  );

/** People with access that ended too early because the clock was wrong. */
export async function peopleEndedEarly() {
  const query = { ended_early: true, limit: 20 };
  return (await unwrap(client.GET('/api/v1/identities', { params: { query } }))).items;
}

/** Answers what happened on each server. */
export const enablePerson = async (id: string) =>
  (await unwrap(client.POST('/api/v1/identities/{id}/enable', { params: { path: { id } } })))
    .results;

export const leftovers = async () =>
  (await unwrap(client.GET('/api/v1/leftovers', { params: { query: { limit: 200 } } }))).items;

/** The latest redemptions. */
export async function latestRedemptions() {
  const query = { sort: '-created_at', limit: 100 };
  return (await unwrap(client.GET('/api/v1/redemptions', { params: { query } }))).items;
}

export const changeInvitation = (id: string, body: InvitationUpdate) =>
  unwrap(client.PATCH('/api/v1/invitations/{id}', { params: { path: { id } }, body }));

export const changePerson = (id: string, body: IdentityUpdate) =>
  unwrap(client.PATCH('/api/v1/identities/{id}', { params: { path: { id } }, body }));
