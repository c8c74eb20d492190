import { keepPreviousData, queryOptions } from '@tanstack/svelte-query';
import type { Run } from '#lib/api/types.ts';
import { pagedQuery } from '#lib/state/lists.ts';
import { SOON } from '#lib/state/queries.ts';
import { isRunning } from '#lib/state/runs.ts';
import { catalogueStates, getTitle, latestSync, libraryGrowth, listTitles } from './calls.ts';
import type { TitleFilters } from './titles/filters.ts';

// The library changes with a sync, which the server announces. It is large: it is not asked for
// again and again as other lists are.
const CALM = { staleTime: 30_000, refetchInterval: false as const };

export const catalogueQuery = () =>
  queryOptions({ queryKey: ['catalogue'], queryFn: catalogueStates, refetchInterval: 5 * SOON });

/** Asked often while it runs. */
export const syncQuery = () =>
  queryOptions({
    queryKey: ['runs', 'catalogue'],
    queryFn: latestSync,
    refetchInterval: ({ state }: { state: { data?: Run | null | undefined } }) =>
      state.data && isRunning(state.data) ? SOON / 2 : 5 * SOON
  });

export const titlesQuery = (filters: TitleFilters) => ({
  ...pagedQuery(['titles', 'list', filters], (cursor) => listTitles(filters, cursor)),
  ...CALM
});

export const titleQuery = (id: string) =>
  queryOptions({ queryKey: ['titles', id], queryFn: () => getTitle(id), ...CALM });

export const growthQuery = (days: number) =>
  queryOptions({
    queryKey: ['insights', 'growth', days],
    queryFn: () => libraryGrowth(days),
    placeholderData: keepPreviousData,
    ...CALM
  });
