import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/svelte-query';
import type { Run } from '#lib/api/types.ts';
import { pagedQuery } from '#lib/state/lists.ts';
import { SOON } from '#lib/state/queries.ts';
import { isRunning } from '#lib/state/runs.ts';
import {
  everyRequester,
  findPeople,
  getConnection,
  latestRequestSync,
  listRequesters,
  listRequests,
  requestsOf,
  type RequesterFilters
} from './calls.ts';
import type { RequestFilters } from './filters.ts';

export const connectionQuery = () =>
  queryOptions({ queryKey: ['seerr'], queryFn: getConnection, refetchInterval: 5 * SOON });

/** Asked often while it runs. */
export const requestSyncQuery = () =>
  queryOptions({
    queryKey: ['runs', 'requests'],
    queryFn: latestRequestSync,
    refetchInterval: ({ state }: { state: { data?: Run | null | undefined } }) =>
      state.data && isRunning(state.data) ? SOON / 2 : 5 * SOON
  });

export const requestsQuery = (filters: RequestFilters) =>
  infiniteQueryOptions({
    queryKey: ['requests', 'list', filters],
    queryFn: ({ pageParam }) => listRequests(filters, pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next_cursor ?? undefined,
    placeholderData: keepPreviousData,
    // They change with a sync, which the server announces.
    staleTime: 30_000
  });

export const personRequestsQuery = (id: string) =>
  queryOptions({
    queryKey: ['requests', 'of', id],
    queryFn: () => requestsOf(id),
    staleTime: 30_000
  });

export const requestersQuery = (filters: RequesterFilters) =>
  pagedQuery(['seerr', 'users', filters], (cursor) => listRequesters(filters, cursor));

export const everyRequesterQuery = () =>
  queryOptions({ queryKey: ['seerr', 'users'], queryFn: everyRequester, staleTime: 30_000 });

export const peopleQuery = (q: string) =>
  queryOptions({
    queryKey: ['identities', 'to-link', q],
    queryFn: () => findPeople(q),
    placeholderData: keepPreviousData
  });
