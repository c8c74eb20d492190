import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/svelte-query';
import type { Run } from '#lib/api/types.ts';
import { pagedQuery } from '#lib/state/lists.ts';
import { SOON } from '#lib/state/queries.ts';
import { isRunning } from '#lib/state/runs.ts';
import {
  catalogueStates,
  listFindings,
  listProtections,
  listStuck,
  protectionCount,
  protectionPresets,
  protectionsOf,
  settings,
  insightSummary,
  titleVerdicts,
  getTitle,
  latestSync,
  libraryGrowth,
  listTitles
} from './calls.ts';
import type { FindingFilters, Insight } from './insights/filters.ts';
import type { Overrides } from './insights/policy.ts';
import type { ProtectionFilters } from './protections/filters.ts';
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

export const findingsQuery = (insight: Insight, filters: FindingFilters, overrides: Overrides) =>
  infiniteQueryOptions({
    queryKey: ['insights', insight, filters, overrides],
    queryFn: ({ pageParam }) => listFindings(insight, filters, overrides, pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next_cursor ?? undefined,
    // While a threshold moves, the list stays until the next one is there.
    placeholderData: keepPreviousData,
    ...CALM
  });

export const stuckQuery = (filters: FindingFilters, overrides: Overrides) =>
  infiniteQueryOptions({
    queryKey: ['insights', 'stuck', filters, overrides],
    queryFn: ({ pageParam }) => listStuck(filters, overrides, pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next_cursor ?? undefined,
    placeholderData: keepPreviousData,
    ...CALM
  });

export const settingsQuery = () => queryOptions({ queryKey: ['settings'], queryFn: settings });

export const protectionsQuery = (filters: ProtectionFilters) => ({
  ...pagedQuery(['protections', 'list', filters], (cursor) => listProtections(filters, cursor)),
  ...CALM
});

export const titleProtectionsQuery = (id: string) =>
  queryOptions({ queryKey: ['protections', 'of', id], queryFn: () => protectionsOf(id), ...CALM });

export const presetsQuery = () =>
  queryOptions({ queryKey: ['protections', 'presets'], queryFn: protectionPresets, ...CALM });

export const verdictsQuery = (id: string) =>
  queryOptions({ queryKey: ['insights', 'of', id], queryFn: () => titleVerdicts(id), ...CALM });

export const summaryQuery = (overrides: Overrides = {}) =>
  queryOptions({
    queryKey: ['insights', 'summary', overrides],
    queryFn: () => insightSummary(overrides),
    placeholderData: keepPreviousData,
    ...CALM
  });

export const protectionCountQuery = () =>
  queryOptions({ queryKey: ['protections', 'count'], queryFn: protectionCount, ...CALM });
