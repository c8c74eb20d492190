import { client, unwrap } from '#lib/api/client.ts';
import type { Invitation, InvitationCreate, InvitationUpdate } from '#lib/api/types.ts';

export interface InvitationFilters {
  q: string;
  status: Invitation['status'] | null;
}

const at = (id: string) => ({ params: { path: { id } } });

export function listInvitations({ q, status }: InvitationFilters, cursor: string | undefined) {
  const query = {
    limit: 50,
    sort: '-created_at',
    ...(q && { q }),
    ...(status && { status }),
    ...(cursor && { cursor })
  };
  return unwrap(client.GET('/api/v1/invitations', { params: { query } }));
}

export const getInvitation = (id: string) => unwrap(client.GET('/api/v1/invitations/{id}', at(id)));

export const createInvitation = (body: InvitationCreate) =>
  unwrap(client.POST('/api/v1/invitations', { body }));

export const changeInvitation = (id: string, body: InvitationUpdate) =>
  unwrap(client.PATCH('/api/v1/invitations/{id}', { ...at(id), body }));

export const deleteInvitation = (id: string) =>
  unwrap(client.DELETE('/api/v1/invitations/{id}', at(id)));

export const listRedemptions = (id: string, cursor: string | undefined) =>
  unwrap(
    client.GET('/api/v1/invitations/{id}/redemptions', {
      params: { path: { id }, query: { limit: 50, ...(cursor && { cursor }) } }
    })
  );

/** Closes a redemption that cannot finish; its use is returned. */
export const endRedemption = (id: string) =>
  unwrap(client.POST('/api/v1/redemptions/{id}/end', at(id)));

export const qrOf = (id: string): string => `/api/v1/invitations/${id}/qr.svg`;

/** Accounts that ended redemptions may have left on a server. */
export const listLeftovers = (cursor: string | undefined) =>
  unwrap(
    client.GET('/api/v1/leftovers', { params: { query: { limit: 50, ...(cursor && { cursor }) } } })
  );

/** Stops trying to remove it. */
export const dismissLeftover = (id: string) =>
  unwrap(client.DELETE('/api/v1/leftovers/{id}', at(id)));
