import type { BulkItem } from '#lib/api/types.ts';
import { errorMessage } from '#lib/format/errors.ts';
import { refreshLibrary } from '#lib/state/live.ts';
import { toasts } from '#lib/ui/toasts.svelte.ts';
import { removeProtection } from '../calls.ts';
import { t } from './messages.ts';

const isNew = ({ status }: BulkItem) => status === 'created' || status === 'renewed';

/** What became of it: "Alien is protected." or "12 titles are protected. 3 were before." */
export function outcomeWords(items: BulkItem[], titles: { name: string }[]): string {
  const done = items.filter(isNew).length;
  const before = items.filter(({ status }) => status === 'already_protected').length;
  const [only] = titles;
  if (titles.length === 1 && only && done === 1) return t.protectedOne({ name: only.name });
  return [t.protectedMany(done), before ? t.alreadyToo(before) : ''].filter(Boolean).join(' ');
}

/** The ids of the protections that were not there before. */
export const newIn = (items: BulkItem[]): string[] =>
  items.filter(isNew).flatMap(({ protection_id }) => protection_id ?? []);

/** Takes back what was done, one after another. */
export function undo(ids: string[]): { label: string; run: () => void } | undefined {
  if (!ids.length) return undefined;
  return { label: t.undo, run: () => void takeBack(ids) };
}

async function takeBack(ids: string[]): Promise<void> {
  try {
    for (const id of ids) await removeProtection(id);
    toasts.show(t.undone);
  } catch (error) {
    toasts.show(errorMessage(error as Error), 'bad');
  } finally {
    refreshLibrary();
  }
}
