import type { TitleKind } from '#lib/api/types.ts';

export const titleSorts = ['name', '-added', '-size', '-last_activity', '-year'] as const;
export type TitleSort = (typeof titleSorts)[number];

/** What the list of all titles is narrowed to; it stands in the page's address. */
export interface TitleFilters {
  q: string;
  type: TitleKind | null;
  watched: 'yes' | 'no' | null;
  server: string | null;
  library: string | null;
  sort: TitleSort;
}

/** The value, if it is one of those there are. */
export const oneOf = <Value extends string>(
  values: readonly Value[],
  wanted: string | null
): Value | null => values.find((value) => value === wanted) ?? null;

export function titleFilters(params: URLSearchParams): TitleFilters {
  return {
    q: params.get('q') ?? '',
    type: oneOf(['movie', 'series'], params.get('type')),
    watched: oneOf(['yes', 'no'], params.get('watched')),
    server: params.get('server'),
    library: params.get('library'),
    sort: oneOf(titleSorts, params.get('sort')) ?? 'name'
  };
}

export const isNarrowed = ({ q, type, watched, server, library }: TitleFilters): boolean =>
  Boolean(q || type || watched || server || library);
