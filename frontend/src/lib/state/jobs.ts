import { queryOptions } from '@tanstack/svelte-query';
import { client, unwrap } from '../api/client.ts';
import { SOON } from './queries.ts';

/** The schedule, with work that was set aside and what the clock did. */
export const jobsQuery = () =>
  queryOptions({
    queryKey: ['jobs'],
    queryFn: () => unwrap(client.GET('/api/v1/jobs')),
    refetchInterval: SOON
  });

/** Runs work again that was set aside after several crashes. */
export const retrySetAside = (id: string) =>
  unwrap(client.POST('/api/v1/jobs/set-aside/{id}/retry', { params: { path: { id } } }));
