import type { InfiniteData } from '@tanstack/svelte-query';
import { listen, type LiveEvent } from '../api/events.ts';
import type { Page } from '../api/pages.ts';
import type { Run } from '../api/types.ts';
import { queries } from './queries.ts';
import { isRunning } from './runs.ts';

type RunPages = InfiniteData<Page<Run>>;

/** Keeps what is on the screen as the server knows it, until the returned function is called. */
export const followEvents = (): (() => void) => listen(show);

/** What a sync changes. It is not asked for again while one goes on. */
export function refreshLibrary(): void {
  for (const key of ['catalogue', 'titles', 'insights', 'protections', 'requests', 'seerr']) {
    void queries.invalidateQueries({ queryKey: [key] });
  }
}

const isSync = ({ name }: Run): boolean => /^(catalogue|requests)\./.test(name);

function show({ type, ...run }: LiveEvent): void {
  if (type !== 'run') return;
  let listed = false;
  queries.setQueriesData<RunPages>({ queryKey: ['runs', 'list'] }, (data) => {
    if (!data) return data;
    const put = (one: Run) => (one.id === run.id ? ((listed = true), run) : one);
    return { ...data, pages: data.pages.map((page) => ({ ...page, items: page.items.map(put) })) };
  });
  if (!isRunning(run) && isSync(run)) refreshLibrary();
  if (listed && isRunning(run)) return;
  for (const key of [
    'runs',
    'jobs',
    'servers',
    'identities',
    'invitations',
    'redemptions',
    'leftovers'
  ]) {
    void queries.invalidateQueries({ queryKey: [key] });
  }
}
