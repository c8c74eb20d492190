import { client, unwrap } from '#lib/api/client.ts';
import { inDays } from '#lib/format/dates.ts';
import type { ActionResult, ForeseenRemoval, Identity, IdentityUpdate } from '#lib/api/types.ts';

export type Access = 'enabled' | 'disabled' | 'ending';

export interface PeopleFilters {
  q: string;
  access: Access | null;
  server: string | null;
}

const at = (id: string) => ({ params: { path: { id } } });

export function listPeople({ q, access, server }: PeopleFilters, cursor: string | undefined) {
  const query = {
    limit: 50,
    sort: 'display_name',
    ...(q && { q }),
    ...(access === 'enabled' && { enabled: true }),
    ...(access === 'disabled' && { enabled: false }),
    ...(access === 'ending' && { expiring_before: inDays(14) }),
    ...(server && { server_id: server }),
    ...(cursor && { cursor })
  };
  return unwrap(client.GET('/api/v1/identities', { params: { query } }));
}

export const getPerson = (id: string) => unwrap(client.GET('/api/v1/identities/{id}', at(id)));

export const changePerson = (id: string, body: IdentityUpdate) =>
  unwrap(client.PATCH('/api/v1/identities/{id}', { ...at(id), body }));

export const enablePerson = async (id: string): Promise<ActionResult[]> =>
  (await unwrap(client.POST('/api/v1/identities/{id}/enable', at(id)))).results;

export const disablePerson = async (id: string): Promise<ActionResult[]> =>
  (await unwrap(client.POST('/api/v1/identities/{id}/disable', at(id)))).results;

/** Deletes the person and every account; what is left when some server fails is told. */
export async function deletePerson(id: string): Promise<ActionResult[]> {
  const answer = await unwrap(client.DELETE('/api/v1/identities/{id}', at(id)));
  return 'results' in answer ? answer.results : [];
}

/** What deleting would do on each server, as it stands now. */
export async function foreseeDeletion(id: string): Promise<ForeseenRemoval[]> {
  const params = { path: { id }, query: { dry_run: true } };
  const answer = await unwrap(client.DELETE('/api/v1/identities/{id}', { params }));
  return 'servers' in answer ? answer.servers : [];
}

export const accountsOf = (person: Identity): string[] =>
  person.users.map(({ server_name }) => server_name);
