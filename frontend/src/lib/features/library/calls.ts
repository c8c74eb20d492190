import { client, unwrap } from '#lib/api/client.ts';
import type {
  ImportBody,
  NewProtection,
  NewProtections,
  Policy,
  ProtectionUpdate,
  Run
} from '#lib/api/types.ts';
import { getRun } from '#lib/state/runs.ts';
import { asQuery, type FindingFilters, type Insight } from './insights/filters.ts';
import type { Overrides } from './insights/policy.ts';
import type { ProtectionFilters } from './protections/filters.ts';
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

/** How much each insight finds, and where; with values that are tried out. */
export const insightSummary = (overrides: Overrides) =>
  unwrap(client.GET('/api/v1/insights/summary', { params: { query: overrides } }));

/** What every insight says of one title, and why. */
export const titleVerdicts = async (id: string) =>
  (await unwrap(client.GET('/api/v1/titles/{id}/why', at(id)))).items;

export const libraryGrowth = (days: number) =>
  unwrap(client.GET('/api/v1/insights/growth', { params: { query: { days } } }));

const findingQuery = (filters: FindingFilters, overrides: Overrides) => ({
  ...asQuery(filters),
  ...overrides
});

export function listFindings(
  insight: Insight,
  filters: FindingFilters,
  overrides: Overrides,
  cursor: string | undefined
) {
  const query = { limit: 50, ...findingQuery(filters, overrides), ...(cursor && { cursor }) };
  return unwrap(client.GET('/api/v1/insights/{insight}', { params: { path: { insight }, query } }));
}

/** The requests that do not arrive. */
export function listStuck(
  { q, verdict, type, server, library }: FindingFilters,
  overrides: Overrides,
  cursor: string | undefined
) {
  const query = {
    limit: 50,
    verdict,
    ...(q && { q }),
    ...(type && { type }),
    ...(server && { server_id: server }),
    ...(library && { library_id: library }),
    ...overrides,
    ...(cursor && { cursor })
  };
  return unwrap(client.GET('/api/v1/insights/stuck', { params: { query } }));
}

/** What is new, as a text with a paragraph for each person who asked. */
export const newTitlesText = async (overrides: Overrides) => {
  const params = { query: overrides };
  return (await unwrap(client.GET('/api/v1/insights/recent/by-requester', { params }))).text;
};

/** The same list as a file. */
export function exportPath(
  insight: Insight,
  filters: FindingFilters,
  overrides: Overrides
): string {
  const values = Object.entries(findingQuery(filters, overrides));
  const query = new URLSearchParams(values.map(([name, value]) => [name, String(value)]));
  return `/api/v1/insights/${insight}/export.csv?${query}`;
}

export interface PolicySettings {
  /** As they are saved. */
  values: Overrides;
  /** As they are if nobody changes them. */
  defaults: Overrides;
  libraries: Policy['library_languages'];
  /** The hour in UTC; null for never. */
  syncHour: number | null;
}

export async function settings(): Promise<PolicySettings> {
  const { items } = await unwrap(client.GET('/api/v1/settings'));
  const all = (field: 'value' | 'default') =>
    Object.fromEntries(items.map((setting) => [setting.name, setting[field]]));
  const { library_languages, sync_hour, ...values } = all('value');
  return {
    values: values as Overrides,
    defaults: all('default') as Overrides,
    libraries: (library_languages ?? []) as Policy['library_languages'],
    syncHour: sync_hour as number | null
  };
}

export const saveSyncHour = (sync_hour: number | null) =>
  unwrap(client.PATCH('/api/v1/settings', { body: { sync_hour } }));

export const saveLibraryLanguages = (library_languages: Policy['library_languages']) =>
  unwrap(client.PATCH('/api/v1/settings', { body: { library_languages } }));

export const saveSettings = (body: Overrides) => unwrap(client.PATCH('/api/v1/settings', { body }));

export function listProtections(
  { q, state, insight }: ProtectionFilters,
  cursor: string | undefined
) {
  const query = {
    limit: 50,
    active: state === 'active',
    ...(q && { q }),
    ...(insight && { insight }),
    ...(cursor && { cursor })
  };
  return unwrap(client.GET('/api/v1/protections', { params: { query } }));
}

export const protectionCount = async () =>
  (
    await unwrap(
      client.GET('/api/v1/protections', { params: { query: { active: true, limit: 1 } } })
    )
  ).total;

/** Those of one title, and of its seasons and episodes; also lapsed ones. */
export const protectionsOf = async (title_id: string) =>
  (await unwrap(client.GET('/api/v1/protections', { params: { query: { title_id, limit: 200 } } })))
    .items;

export const protectionPresets = async () =>
  (await unwrap(client.GET('/api/v1/protections/presets'))).items;

export const protectTitles = (body: NewProtections) =>
  unwrap(client.POST('/api/v1/protections/bulk', { body }));

export const protect = (body: NewProtection) =>
  unwrap(client.POST('/api/v1/protections', { body }));

export const changeProtection = (id: string, body: ProtectionUpdate) =>
  unwrap(client.PATCH('/api/v1/protections/{id}', { ...at(id), body }));

export const removeProtection = (id: string) =>
  unwrap(client.DELETE('/api/v1/protections/{id}', at(id)));

export const importProtections = (body: ImportBody, dry_run: boolean) =>
  unwrap(client.POST('/api/v1/protections/import', { params: { query: { dry_run } }, body }));
