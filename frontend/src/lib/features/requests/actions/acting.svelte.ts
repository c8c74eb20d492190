import { createMutation, createQuery } from '@tanstack/svelte-query';
import type { MediaRequest, RequestAction, RequestBulkItem } from '#lib/api/types.ts';
import { refreshLibrary } from '#lib/state/live.ts';
import { changeRequests } from '../calls.ts';

/** An action on requests: what it would do, then what it did. */
export function createAction(
  given: () => { action: RequestAction; requests: MediaRequest[] },
  ondone: (done: number) => void
) {
  let failed = $state.raw<RequestBulkItem[]>([]);
  const ids = $derived(
    failed.length
      ? failed.map(({ request_id }) => request_id)
      : given().requests.map(({ id }) => id)
  );
  const preview = createQuery(() => {
    const { action, requests } = given();
    const all = requests.map(({ id }) => id);
    return {
      queryKey: ['request-preview', action, all],
      queryFn: () => changeRequests(action, all, true),
      staleTime: 0,
      gcTime: 0
    };
  });
  const run = createMutation(() => ({
    mutationFn: () => changeRequests(given().action, ids, false),
    onSuccess: (items: RequestBulkItem[]) => {
      failed = items.filter(({ status }) => status !== 'done');
      if (!failed.length) ondone(given().requests.length);
    },
    onSettled: refreshLibrary
  }));
  return {
    preview,
    run,
    /** What did not work; the next try is about these alone. */
    get failed() {
      return failed;
    }
  };
}
