import { globSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { catalogue, plural, text } from './catalogue.ts';

const t = catalogue('example', {
  title: 'People',
  added: text('{name} is added to {server}.'),
  left: plural({ one: '{count} use left', other: '{count} uses left' }),
  ready: plural({ one: '{names} is ready', other: '{names} are ready' })
});

test('values are put into a text as they are', () => {
  expect(t.title).toBe('People');
  expect(t.added({ name: '$& {server}', server: 'Den' })).toBe('$& {server} is added to Den.');
});

test('a number chooses the plural form, and is written as the reader writes numbers', () => {
  expect(t.left(1)).toBe('1 use left');
  expect(t.left(0)).toBe('0 uses left');
  expect(t.left(1234)).toMatch(/^1.234 uses left$/);
  expect(t.ready(2, { names: 'Den and Attic' })).toBe('Den and Attic are ready');
});

const sources = globSync('src/**/*.{svelte,ts}').filter((file) => !file.endsWith('.d.ts'));
const importOf = /import \{ t(?: as (\w+))? \} from '([^']+messages[^']*)'/g;

const pathOf = (file: string, from: string): string =>
  resolve(from.startsWith('#lib/') ? join('src/lib', from.slice(5)) : join(dirname(file), from));

/** Which keys of each catalogue are named in one file. */
const usesOf = (file: string) => {
  const source = readFileSync(file, 'utf8');
  return Array.from(source.matchAll(importOf), ([, name = 't', from = '']) => ({
    path: pathOf(file, from),
    keys: Array.from(source.matchAll(new RegExp(`\\b${name}\\.(\\w+)`, 'g')), ([, key = '']) => key)
  }));
};

function usedKeys(): Map<string, Set<string>> {
  const used = new Map<string, Set<string>>();
  for (const { path, keys } of sources.flatMap(usesOf)) {
    used.set(path, new Set([...(used.get(path) ?? []), ...keys]));
  }
  return used;
}

/** Read by the `error_code` of an answer, not by name. */
const BY_CODE = 'error_messages.ts';

const catalogues = sources.filter((file) => /messages\.ts$/.test(file) && !file.endsWith(BY_CODE));

test('every text is used, and every text that is used exists', () => {
  expect(catalogues.length).toBeGreaterThan(8);
  const used = usedKeys();
  for (const file of catalogues) {
    const body = readFileSync(file, 'utf8');
    const keys = [...body.matchAll(/^ {2}(\w+):/gm)].map(([, key]) => key ?? '');
    const named = used.get(resolve(file)) ?? new Set();
    expect(
      keys.filter((key) => !named.has(key)),
      `unused in ${file}`
    ).toEqual([]);
    expect(
      [...named].filter((key) => !keys.includes(key)),
      `missing in ${file}`
    ).toEqual([]);
  }
});
