import { afterEach, expect, test, vi } from 'vitest';
import { redemptions, signIns } from './memory.ts';

const begun = { redemption_id: 'r', token: 't', username: 'ann' };

afterEach(() => {
  vi.unstubAllGlobals();
  localStorage.clear();
});

test('what is kept is found again, whatever the case of the code', () => {
  expect(redemptions.remember('movie-night', begun)).toBe(true);
  expect(redemptions.recall('MOVIE-NIGHT')).toEqual(begun);
  expect(redemptions.recall('OTHER-NIGHT')).toBeNull();
  expect(signIns.recall('MOVIE-NIGHT')).toBeNull();
  redemptions.forget('Movie-Night');
  expect(redemptions.recall('MOVIE-NIGHT')).toBeNull();
});

test('a browser that keeps nothing says so, and fails at nothing', () => {
  const refuse = () => {
    throw new DOMException('blocked', 'SecurityError');
  };
  vi.stubGlobal('localStorage', { getItem: refuse, setItem: refuse, removeItem: refuse });
  expect(redemptions.remember('X', begun)).toBe(false);
  expect(redemptions.recall('X')).toBeNull();
  expect(() => redemptions.forget('X')).not.toThrow();
});

test('what cannot be read is nothing', () => {
  localStorage.setItem('zondarr-join:X', '{');
  expect(redemptions.recall('X')).toBeNull();
});
