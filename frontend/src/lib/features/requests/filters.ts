import type { RequestState } from '#lib/api/types.ts';
import { ATTENTION, stateNames } from './states.ts';

export const requestSorts = ['-requested', 'requested', 'title', 'requester'] as const;
export type RequestSort = (typeof requestSorts)[number];

const NEEDS_YOU = 'attention';

/** What the list of requests is narrowed to; it stands in the page's address. */
export interface RequestFilters {
  q: string;
  /** One state, those that need somebody, or all. */
  state: RequestState | typeof NEEDS_YOU | null;
  requester: string | null;
  type: 'movie' | 'series' | null;
  sort: RequestSort;
}

const oneOf = <Value extends string>(
  values: readonly Value[],
  wanted: string | null
): Value | null => values.find((value) => value === wanted) ?? null;

export const requestFilters = (params: URLSearchParams): RequestFilters => ({
  q: params.get('q') ?? '',
  state: oneOf([NEEDS_YOU, ...stateNames], params.get('state')),
  requester: params.get('requested_by'),
  type: oneOf(['movie', 'series'], params.get('type')),
  sort: oneOf(requestSorts, params.get('sort')) ?? '-requested'
});

export const isNarrowed = ({ q, state, requester, type }: RequestFilters): boolean =>
  Boolean(q || state || requester || type);

const statesOf = (state: RequestFilters['state']): RequestState[] =>
  state === null ? [] : state === NEEDS_YOU ? [...ATTENTION] : [state];

/** The filters as the API names them. */
export const asQuery = ({ q, state, requester, type, sort }: RequestFilters) => ({
  sort,
  ...(q && { q }),
  ...(state && { state: statesOf(state) }),
  ...(requester && { requested_by: requester }),
  ...(type && { type })
});

/** The same list as a file. */
export function exportPath(filters: RequestFilters): string {
  const values = Object.entries(asQuery(filters));
  const query = values.flatMap(([name, value]) => [value].flat().map((one) => [name, one]));
  return `/api/v1/requests/export.csv?${new URLSearchParams(query)}`;
}
