import { error } from '@sveltejs/kit';
import { partOf } from '#lib/features/library/tabs.ts';

export async function load({ params, url }) {
  const part = partOf(params.part) ?? error(404);
  // How requests are drawn is loaded with their list only.
  const list =
    part === 'stuck' ? await import('#lib/features/requests/RequestList.svelte') : undefined;
  return { part, search: url.searchParams, RequestList: list?.default };
}
