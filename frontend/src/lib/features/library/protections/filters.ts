import type { Insight } from '#lib/api/types.ts';
import { oneOf } from '../titles/filters.ts';

export interface ProtectionFilters {
  q: string;
  state: 'active' | 'lapsed';
  insight: Insight | null;
}

export const protectionFilters = (params: URLSearchParams): ProtectionFilters => ({
  q: params.get('q') ?? '',
  state: oneOf(['active', 'lapsed'], params.get('state')) ?? 'active',
  insight: oneOf(['unwatched', 'large', 'language', 'stuck', 'recent'], params.get('insight'))
});

export const isNarrowed = ({ q, state, insight }: ProtectionFilters): boolean =>
  Boolean(q || insight || state !== 'active');
