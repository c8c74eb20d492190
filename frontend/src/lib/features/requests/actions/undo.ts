import { errorMessage } from '#lib/format/errors.ts';
import { refreshLibrary } from '#lib/state/live.ts';
import { toasts } from '#lib/ui/toasts.svelte.ts';
import { unignore } from '../calls.ts';
import { t } from './messages.ts';

/** Takes back that requests are ignored, one after another. */
export async function takeBack(ids: string[]): Promise<void> {
  try {
    for (const id of ids) await unignore(id);
    toasts.show(t.undone);
  } catch (error) {
    toasts.show(errorMessage(error as Error), 'bad');
  } finally {
    refreshLibrary();
  }
}
