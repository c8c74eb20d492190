import { createMutation, useQueryClient } from '@tanstack/svelte-query';
import { errorMessage } from '#lib/format/errors.ts';
import { toasts } from '#lib/ui/toasts.svelte.ts';
import { confirmRun, syncSeerr } from '../calls.ts';

/** Starting a sync of the requests, and answering one that stopped to ask. */
export function createRequestSync() {
  const cache = useQueryClient();
  const shown = {
    onError: (error: Error) => toasts.show(errorMessage(error), 'bad'),
    onSettled: async () => {
      await cache.invalidateQueries({ queryKey: ['runs'] });
      await cache.invalidateQueries({ queryKey: ['seerr'] });
    }
  };
  return {
    start: createMutation(() => ({ mutationFn: () => syncSeerr(), ...shown })),
    confirm: createMutation(() => ({ mutationFn: (id: string) => confirmRun(id), ...shown }))
  };
}
