/** What a key does on every list of rows. */
export type KeyAction = 'down' | 'up' | 'select' | 'open' | 'help';

const actions: Partial<Record<string, KeyAction>> = {
  j: 'down',
  k: 'up',
  x: 'select',
  o: 'open',
  '?': 'help'
};

const FIELDS = 'input:not([type=checkbox], [type=range]), textarea, select, [contenteditable]';

const isTyping = ({ target }: KeyboardEvent): boolean =>
  target instanceof Element && target.closest(FIELDS) !== null;

/** False while somebody types, in a dialog, or with another key held down. */
export function isForList(event: KeyboardEvent): boolean {
  const combined = event.ctrlKey || event.metaKey || event.altKey;
  return !combined && !isTyping(event) && document.querySelector('dialog[open]') === null;
}

export const actionOf = ({ key }: KeyboardEvent): KeyAction | null => actions[key] ?? null;

/** The row that a step leads to; the first one, where none was. */
export const stepTo = (row: number | null, step: 1 | -1, count: number): number =>
  row === null ? 0 : Math.min(count - 1, Math.max(0, row + step));
