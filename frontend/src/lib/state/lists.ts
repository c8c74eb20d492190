import { SOON } from './queries.ts';
import { infiniteQueryOptions, keepPreviousData, type QueryKey } from '@tanstack/svelte-query';
import type { Page } from '../api/pages.ts';

/** A list that is paged by key: each page names the next, and none is ever counted through. */
export const pagedQuery = <T>(
  queryKey: QueryKey,
  fetchPage: (cursor: string | undefined) => Promise<Page<T>>
) =>
  infiniteQueryOptions({
    queryKey,
    queryFn: ({ pageParam }) => fetchPage(pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last: Page<T>) => last.next_cursor ?? undefined,
    placeholderData: keepPreviousData,
    refetchInterval: SOON
  });

export const itemsOf = <T>(data: { pages: Page<T>[] } | undefined): T[] =>
  data?.pages.flatMap((page) => page.items) ?? [];

export const totalOf = (data: { pages: Page<unknown>[] } | undefined): number =>
  data?.pages.at(-1)?.total ?? 0;
