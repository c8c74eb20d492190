import { client, unwrap } from '#lib/api/client.ts';
import type { ServerRemoval } from '#lib/api/types.ts';

const at = (id: string) => ({ params: { path: { id } } });

export const getServer = (id: string) => unwrap(client.GET('/api/v1/servers/{id}', at(id)));

export const probeServer = (body: { url: string; api_key: string }) =>
  unwrap(client.POST('/api/v1/servers/test', { body }));

export const addServer = (body: { name: string; url: string; api_key: string }) =>
  unwrap(client.POST('/api/v1/servers', { body }));

export interface ServerChanges {
  name?: string;
  url?: string;
  api_key?: string;
  enabled?: boolean;
}

export const changeServer = (id: string, body: ServerChanges) =>
  unwrap(client.PATCH('/api/v1/servers/{id}', { ...at(id), body }));

export const testServer = (id: string) => unwrap(client.POST('/api/v1/servers/{id}/test', at(id)));

export const syncServer = (id: string) => unwrap(client.POST('/api/v1/servers/{id}/sync', at(id)));

/** What removing it would take along, asked for without doing it. */
export async function previewRemoval(id: string): Promise<ServerRemoval> {
  const params = { path: { id }, query: { dry_run: true } };
  return (await unwrap(client.DELETE('/api/v1/servers/{id}', { params }))) as ServerRemoval;
}

export const removeServer = (id: string) => unwrap(client.DELETE('/api/v1/servers/{id}', at(id)));
