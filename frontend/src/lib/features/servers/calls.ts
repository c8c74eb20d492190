import { client, unwrap } from '#lib/api/client.ts';
import type {
  NewServer,
  PlexPin,
  PlexServer,
  PlexSignIn,
  ServerRemoval,
  ServerUpdate
} from '#lib/api/types.ts';

const at = (id: string) => ({ params: { path: { id } } });

export const getServer = (id: string) => unwrap(client.GET('/api/v1/servers/{id}', at(id)));

export const probeServer = (body: { url: string; api_key: string }) =>
  unwrap(client.POST('/api/v1/servers/test', { body }));

/** With its key, or with the sign-in of the Plex account that owns it. */
export const addServer = (body: NewServer) => unwrap(client.POST('/api/v1/servers', { body }));

export const changeServer = (id: string, body: ServerUpdate) =>
  unwrap(client.PATCH('/api/v1/servers/{id}', { ...at(id), body }));

export const testServer = (id: string) => unwrap(client.POST('/api/v1/servers/{id}/test', at(id)));

export const syncServer = (id: string) => unwrap(client.POST('/api/v1/servers/{id}/sync', at(id)));

/** What removing it would take along, asked for without doing it. */
export async function previewRemoval(id: string): Promise<ServerRemoval> {
  const params = { path: { id }, query: { dry_run: true } };
  return (await unwrap(client.DELETE('/api/v1/servers/{id}', { params }))) as ServerRemoval;
}

export const removeServer = (id: string) => unwrap(client.DELETE('/api/v1/servers/{id}', at(id)));

/** Afterwards Plex sends the browser back to that page of ours. */
export const beginSignIn = (return_to: string): Promise<PlexPin> =>
  unwrap(client.POST('/api/v1/plex/pin', { body: { return_to } }));

export const askSignIn = (pin_id: string): Promise<PlexSignIn> =>
  unwrap(client.GET('/api/v1/plex/pin/{pin_id}', { params: { path: { pin_id } } }));

/** What the account that signed in owns. */
export const listPlexServers = async (pin_id: string): Promise<PlexServer[]> =>
  (await unwrap(client.GET('/api/v1/plex/servers', { params: { query: { pin_id } } }))).items;
