import { QueryClient } from '@tanstack/svelte-query';
import { ApiError } from '../api/errors.ts';

/** How often a page that is in view asks what has changed. Events only make it sooner. */
export const SOON = 2_000;

/** No answer, or a server that is busy: worth asking again. A refusal is not. */
const isPassing = (error: unknown): boolean =>
  error instanceof ApiError && (error.status === 0 || error.status >= 502);

export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      // By default only changes of fields that were read so far are reported; a field that is first read
      // later, behind an `&&`, would stay what it was.
      notifyOnChangeProps: 'all',
      staleTime: SOON,
      retry: (failures, error) => failures < 2 && isPassing(error),
      retryDelay: (attempt) => 500 * 2 ** attempt
    },
    mutations: { retry: false }
  }
});

declare module '@tanstack/svelte-query' {
  interface Register {
    defaultError: ApiError;
  }
}
