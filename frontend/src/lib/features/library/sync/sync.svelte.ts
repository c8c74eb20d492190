import { createMutation, useQueryClient } from '@tanstack/svelte-query';
import { errorMessage } from '#lib/format/errors.ts';
import { toasts } from '#lib/ui/toasts.svelte.ts';
import { cancelRun, confirmRun, startSync } from '../calls.ts';
import { t } from './messages.ts';

/** Starting, answering and stopping a sync of the library; each shows its own failure. */
export function createSync() {
  const cache = useQueryClient();
  const told = {
    onError: (error: Error) => toasts.show(errorMessage(error), 'bad'),
    onSettled: () => cache.invalidateQueries({ queryKey: ['runs'] })
  };
  return {
    start: createMutation(() => ({ mutationFn: () => startSync(), ...told })),
    confirm: createMutation(() => ({ mutationFn: (id: string) => confirmRun(id), ...told })),
    cancel: createMutation(() => ({
      mutationFn: (id: string) => cancelRun(id),
      onSuccess: () => toasts.show(t.cancelled),
      ...told
    }))
  };
}
