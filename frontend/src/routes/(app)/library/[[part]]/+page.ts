import { error } from '@sveltejs/kit';
import { partOf } from '#lib/features/library/tabs.ts';

export function load({ params, url }) {
  const part = partOf(params.part) ?? error(404);
  return { part, search: url.searchParams };
}
