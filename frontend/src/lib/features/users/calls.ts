import { client, unwrap } from '#lib/api/client.ts';
import { inDays } from '#lib/format/moments.ts';
import type { ActionResult, DeletionPreview, IdentityUpdate } from '#lib/api/types.ts';

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

/** What deleting would do on each server, as it stands now. */
export async function foreseeDeletion(id: string): Promise<DeletionPreview> {
  const params = { path: { id }, query: { dry_run: true } };
  return (await unwrap(client.DELETE('/api/v1/identities/{id}', { params }))) as DeletionPreview;
}

/** Throws `ApiError` where a server fails; what was deleted until then stays deleted. */
export const deletePerson = (id: string) =>
  unwrap(client.DELETE('/api/v1/identities/{id}', at(id)));

/** Deletes one account on its server; the person stays. Throws `ApiError` where it fails. */
export const deleteAccount = (id: string) => unwrap(client.DELETE('/api/v1/users/{id}', at(id)));
