import { client, unwrap } from '#lib/api/client.ts';
import type {
  RequestAction,
  RequestBulkItem,
  Run,
  SeerrRemoval,
  SeerrUpdate
} from '#lib/api/types.ts';
import { getRun } from '#lib/state/runs.ts';
import { asQuery, type RequestFilters } from './filters.ts';

const at = (id: string) => ({ params: { path: { id } } });

export function listRequests(filters: RequestFilters, cursor: string | undefined) {
  const query = { limit: 50, ...asQuery(filters), ...(cursor && { cursor }) };
  return unwrap(client.GET('/api/v1/requests', { params: { query } }));
}

const MANY = 100;

/** Does the same with each of them; in a dry run, tells what would be done. */
export async function changeRequests(
  action: RequestAction,
  ids: string[],
  dry_run: boolean
): Promise<RequestBulkItem[]> {
  const items: RequestBulkItem[] = [];
  for (let start = 0; start < ids.length; start += MANY) {
    const body = { action, request_ids: ids.slice(start, start + MANY) };
    const params = { query: { dry_run } };
    items.push(...(await unwrap(client.POST('/api/v1/requests/bulk', { params, body }))).items);
  }
  return items;
}

/** The newest ones of a person, with how many there are of all. */
export const requestsOf = (id: string) =>
  unwrap(
    client.GET('/api/v1/identities/{id}/requests', {
      params: { path: { id }, query: { limit: 100 } }
    })
  );

interface Terms {
  expires_at: string | null;
  note: string | null;
}

/** Keeps a request from the stuck ones. */
export const ignoreRequest = (request_id: string, terms: Terms) =>
  unwrap(
    client.POST('/api/v1/protections', {
      body: { scope: { request_id }, preset: 'ignore_request', ...terms }
    })
  );

export const unignore = (id: string) => unwrap(client.DELETE('/api/v1/protections/{id}', at(id)));

export const getConnection = () => unwrap(client.GET('/api/v1/integrations/seerr'));

export const connectSeerr = (body: SeerrUpdate) =>
  unwrap(client.PUT('/api/v1/integrations/seerr', { body }));

/** Without an address: what is connected. */
export const testSeerr = (body: { url?: string; api_key?: string }) =>
  unwrap(client.POST('/api/v1/integrations/seerr/test', { body }));

export const previewDisconnect = async (): Promise<SeerrRemoval> => {
  const params = { query: { dry_run: true } };
  return (await unwrap(
    client.DELETE('/api/v1/integrations/seerr', { params })
  )) as unknown as SeerrRemoval;
};

export const disconnectSeerr = () => unwrap(client.DELETE('/api/v1/integrations/seerr'));

export const syncSeerr = () => unwrap(client.POST('/api/v1/integrations/seerr/sync'));

/** The newest sync of the requests; null if there never was one. */
export async function latestRequestSync(): Promise<Run | null> {
  const query = { name: 'requests.sync', limit: 1 };
  const { items } = await unwrap(client.GET('/api/v1/runs', { params: { query } }));
  return items[0] ? getRun(items[0].id) : null;
}

export const confirmRun = (id: string) => unwrap(client.POST('/api/v1/runs/{id}/confirm', at(id)));

export interface RequesterFilters {
  q: string;
  unlinked: boolean;
}

export function listRequesters({ q, unlinked }: RequesterFilters, cursor?: string) {
  const query = {
    limit: 50,
    sort: '-request_count',
    unlinked,
    ...(q && { q }),
    ...(cursor && { cursor })
  };
  return unwrap(client.GET('/api/v1/integrations/seerr/users', { params: { query } }));
}

/** All of them, to choose from. */
export const everyRequester = async () => {
  const params = { query: { limit: 200, sort: 'name' } };
  return (await unwrap(client.GET('/api/v1/integrations/seerr/users', { params }))).items;
};

export const linkRequester = (id: string, identity_id: string | null) =>
  unwrap(
    client.PATCH('/api/v1/integrations/seerr/users/{id}', { ...at(id), body: { identity_id } })
  );

export const findPeople = async (q: string) => {
  const query = { limit: 20, sort: 'display_name', ...(q && { q }) };
  return (await unwrap(client.GET('/api/v1/identities', { params: { query } }))).items;
};
