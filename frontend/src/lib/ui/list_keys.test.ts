// @vitest-environment jsdom
import { expect, test } from 'vitest';
import { actionOf, isForList, stepTo } from './list_keys.ts';

test('keys act on the list, not while somebody types or presses Ctrl', () => {
  const press = (key: string, target: Element = document.body, more = {}) => {
    const event = new KeyboardEvent('keydown', { key, bubbles: true, ...more });
    target.dispatchEvent(event);
    return isForList(event) ? actionOf(event) : null;
  };
  expect(press('j')).toBe('down');
  expect(press('?')).toBe('help');
  expect(press('q')).toBeNull();
  expect(press('x', document.body, { ctrlKey: true })).toBeNull();
  const input = document.body.appendChild(document.createElement('input'));
  expect(press('j', input)).toBeNull();
  input.remove();
});

test('steps stay within the list', () => {
  expect(stepTo(null, 1, 3)).toBe(0);
  expect([stepTo(0, -1, 3), stepTo(0, 1, 3), stepTo(2, 1, 3)]).toEqual([0, 1, 2]);
});
