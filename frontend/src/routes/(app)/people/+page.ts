import type { PeopleFilters } from '#lib/features/users/calls.ts';

const accesses = ['enabled', 'disabled', 'ending'] as const;

export function load({ url }): { filters: PeopleFilters } {
  const wanted = url.searchParams.get('access');
  return {
    filters: {
      q: url.searchParams.get('q') ?? '',
      access: accesses.find((one) => one === wanted) ?? null,
      server: url.searchParams.get('server')
    }
  };
}
