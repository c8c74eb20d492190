import { expect, test } from 'vitest';
import { placeholderOf } from './poster.ts';

test('a title without a picture is known by the initials of its telling words', () => {
  const letters = (name: string) => placeholderOf(name).letters;
  expect(letters('The Lighthouse of Gold')).toBe('LG');
  expect(letters('Élan')).toBe('É');
  expect(letters('A')).toBe('A');
  expect(letters('2001: A Space Odyssey')).toBe('2S');
  expect(letters('…')).toBe('·');
});

test('the same title always looks the same, and others differ', () => {
  expect(placeholderOf('Silent River')).toEqual(placeholderOf('Silent River'));
  const hues = new Set(
    ['Silent River', 'Paper Moon', 'Blue Hour'].map((n) => placeholderOf(n).hue)
  );
  expect(hues.size).toBe(3);
});
