import { expect, test } from 'vitest';
import { pathAfterSignIn, signInPath, withFilters } from './paths.ts';

const at = (path: string) => new URL(path, 'https://zondarr.test');

test('sign-in keeps the page one was on', () => {
  const path = signInPath(at('/people?q=ann&server=1'));
  expect(pathAfterSignIn(at(path))).toBe('/people?q=ann&server=1');
});

test.each(['https://evil.test/', '//evil.test', '\\\\evil.test', 'javascript:alert(1)', 'http://'])(
  'sign-in never leads to %s',
  (next) => {
    const path = pathAfterSignIn(at(`/sign-in?next=${encodeURIComponent(next)}`));
    expect(path).toMatch(/^\/(?![/\\])/);
    expect(at(path).origin).toBe('https://zondarr.test');
  }
);

test('a filter is added, changed and removed without touching the others', () => {
  expect(withFilters(at('/people?q=ann'), { status: 'disabled' })).toBe(
    '/people?q=ann&status=disabled'
  );
  expect(withFilters(at('/people?q=ann&status=disabled'), { status: null })).toBe('/people?q=ann');
  expect(withFilters(at('/people?q=ann'), { q: '' })).toBe('/people');
});
