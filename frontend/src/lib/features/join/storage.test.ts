// @vitest-environment jsdom
import { afterEach, expect, test, vi } from 'vitest';
import { redemptions, signIns } from './storage.ts';

const begun = { redemption_id: 'r', token: 't', username: 'ann' };

afterEach(() => {
  vi.unstubAllGlobals();
  localStorage.clear();
});

test('what is kept is found again, whatever the case of the code', () => {
  expect(redemptions.write('movie-night', begun)).toBe(true);
  expect(redemptions.read('MOVIE-NIGHT')).toEqual(begun);
  expect(redemptions.read('OTHER-NIGHT')).toBeNull();
  expect(signIns.read('MOVIE-NIGHT')).toBeNull();
  redemptions.remove('Movie-Night');
  expect(redemptions.read('MOVIE-NIGHT')).toBeNull();
});

test('a browser that keeps nothing says so, and fails at nothing', () => {
  const refuse = () => {
    throw new DOMException('blocked', 'SecurityError');
  };
  vi.stubGlobal('localStorage', { getItem: refuse, setItem: refuse, removeItem: refuse });
  expect(redemptions.write('X', begun)).toBe(false);
  expect(redemptions.read('X')).toBeNull();
  expect(() => redemptions.remove('X')).not.toThrow();
});

test('what cannot be read is nothing', () => {
  localStorage.setItem('zondarr-join:X', '{');
  expect(redemptions.read('X')).toBeNull();
});
