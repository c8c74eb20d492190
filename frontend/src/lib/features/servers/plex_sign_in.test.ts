// @vitest-environment jsdom
import { afterEach, expect, test } from 'vitest';
import { ApiError } from '#lib/api/errors.ts';
import type { PlexSignIn } from '#lib/api/types.ts';
import {
  addressesOf,
  forget,
  isOpen,
  isSignedIn,
  needsSignIn,
  pauseAfter,
  recall,
  remember,
  signInProblem
} from './plex_sign_in.ts';

const now = Date.parse('2026-11-21T12:00:00Z');
const pending = {
  pin_id: 'p1',
  code: 'ABCD',
  auth_url: 'https://app.plex.tv/auth#?code=ABCD',
  expires_at: '2026-11-21T12:30:00Z'
};
const answer = (change: Partial<PlexSignIn> = {}): PlexSignIn => ({
  authenticated: false,
  email: null,
  username: null,
  error: null,
  ...change
});
const failure = (status: number, code = 'x') => new ApiError(status, code, 'No.');

afterEach(forget);

test('a sign-in is taken up in another tab, until it expires or is forgotten', () => {
  expect(recall(now)).toBeNull();
  expect(remember(pending)).toBe(true);
  expect(recall(now)).toMatchObject({ pin_id: 'p1' });
  expect(recall(now + 31 * 60_000)).toBeNull();
  forget();
  expect(recall(now)).toBeNull();
});

test('what another program left in the browser is no sign-in', () => {
  localStorage.setItem('zondarr-plex-link', '{not json');
  expect(recall(now)).toBeNull();
});

test('an account without an address can own a server, too', () => {
  expect(isSignedIn(answer({ authenticated: true }))).toBe(true);
  expect(isSignedIn(answer({ error: 'email_missing' }))).toBe(true);
  expect(isSignedIn(answer())).toBe(false);
});

test('it is asked until it is settled, and outages settle nothing', () => {
  expect(isOpen(undefined, null)).toBe(true);
  expect(isOpen(answer(), failure(502))).toBe(true);
  expect(isOpen(answer(), failure(404))).toBe(false);
  expect(isOpen(answer({ authenticated: true }), null)).toBe(false);
  expect(isOpen(answer({ error: 'expired' }), null)).toBe(false);
  expect(pauseAfter(0)).toBeLessThan(2000);
  expect(pauseAfter(1000)).toBe(15_000);
});

test('each problem says what to do next', () => {
  expect(signInProblem(answer(), null)).toBeNull();
  expect(signInProblem(answer({ error: 'expired' }), null)).toMatch(/Sign in again/);
  expect(signInProblem(undefined, failure(404))).toMatch(/Sign in again/);
  expect(signInProblem(answer(), failure(504))).toMatch(/keep asking/);
  expect(needsSignIn(failure(400, 'plex_sign_in_needed'))).toBe(true);
  expect(needsSignIn(failure(502))).toBe(false);
});

test('the nearest address comes first and the relay last, each in plain words', () => {
  const at = (url: string, local: boolean, relay: boolean) => ({ url, local, relay });
  const found = addressesOf([
    at('https://relay', false, true),
    at('https://remote', false, false),
    at('https://local', true, false)
  ]);
  expect(found.map(({ value }) => value)).toEqual([
    'https://local',
    'https://remote',
    'https://relay'
  ]);
  expect(found.map(({ label }) => label)).toEqual([
    'In its own network',
    'From anywhere',
    'Through the Plex relay, which is slow'
  ]);
});
