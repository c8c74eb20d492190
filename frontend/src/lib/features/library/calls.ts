import { client, unwrap } from '#lib/api/client.ts';
import type { Run } from '#lib/api/types.ts';
import { getRun } from '#lib/state/runs.ts';
import type { TitleFilters } from './titles/filters.ts';

const at = (id: string) => ({ params: { path: { id } } });

/** How far the catalogue of each server is known. */
export const catalogueStates = async () => (await unwrap(client.GET('/api/v1/catalogue'))).items;

/** The newest sync of the catalogue with its parts; null if there never was one. */
export async function latestSync(): Promise<Run | null> {
  const query = { name: 'catalogue.sync', limit: 1 };
  const { items } = await unwrap(client.GET('/api/v1/runs', { params: { query } }));
  return items[0] ? getRun(items[0].id) : null;
}

export const startSync = (server_ids: string[] | null = null) =>
  unwrap(client.POST('/api/v1/catalogue/sync', { body: { server_ids } }));

/** Takes over what a sync that stopped has found. */
export const confirmRun = (id: string) => unwrap(client.POST('/api/v1/runs/{id}/confirm', at(id)));

export const cancelRun = (id: string) => unwrap(client.POST('/api/v1/runs/{id}/cancel', at(id)));

export function listTitles(filters: TitleFilters, cursor: string | undefined) {
  const { q, type, watched, server, library, sort } = filters;
  const query = {
    limit: 60,
    sort,
    ...(q && { q }),
    ...(type && { type }),
    ...(watched && { watched: watched === 'yes' }),
    ...(server && { server_id: server }),
    ...(library && { library_id: library }),
    ...(cursor && { cursor })
  };
  return unwrap(client.GET('/api/v1/titles', { params: { query } }));
}

export const getTitle = (id: string) => unwrap(client.GET('/api/v1/titles/{id}', at(id)));

export const libraryGrowth = (days: number) =>
  unwrap(client.GET('/api/v1/insights/growth', { params: { query: { days } } }));
