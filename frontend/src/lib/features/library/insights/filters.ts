import { oneOf } from '../titles/filters.ts';

export const insights = ['unwatched', 'large', 'language', 'recent'] as const;
export type Insight = (typeof insights)[number];
/** Also the list of requests, which has thresholds as the others do. */
export const allInsights = [...insights, 'stuck'] as const;
export type AnyInsight = (typeof allInsights)[number];

const verdicts = ['finding', 'undecided', 'protected'] as const;
export const findingSorts = ['-size', 'last_activity', 'added', '-arrived', 'name'] as const;

/** What a list of findings is narrowed to; it stands in the page's address. */
export interface FindingFilters {
  q: string;
  verdict: (typeof verdicts)[number];
  type: 'movie' | 'series' | null;
  server: string | null;
  library: string | null;
  sort: (typeof findingSorts)[number];
}

/** What a list begins with: new things by their arrival, others by what they cost. */
export const firstSort = (insight: Insight): FindingFilters['sort'] =>
  insight === 'recent' ? '-arrived' : '-size';

export const findingFilters = (params: URLSearchParams, insight: Insight): FindingFilters => ({
  q: params.get('q') ?? '',
  verdict: oneOf(verdicts, params.get('verdict')) ?? 'finding',
  type: oneOf(['movie', 'series'], params.get('type')),
  server: params.get('server'),
  library: params.get('library'),
  sort: oneOf(findingSorts, params.get('sort')) ?? firstSort(insight)
});

export const isNarrowed = ({ q, type, server, library }: FindingFilters): boolean =>
  Boolean(q || type || server || library);

/** The filters as the API names them. */
export const asQuery = ({ q, verdict, type, server, library, sort }: FindingFilters) => ({
  verdict,
  sort,
  ...(q && { q }),
  ...(type && { type }),
  ...(server && { server_id: server }),
  ...(library && { library_id: library })
});
