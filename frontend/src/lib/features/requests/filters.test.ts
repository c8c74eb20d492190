import { expect, test } from 'vitest';
import type { MediaRequest } from '#lib/api/types.ts';
import { asQuery, exportPath, isNarrowed, requestFilters } from './filters.ts';
import { nameOf, seasonNumbers, seasonWords, stateNames, states } from './states.ts';

const read = (query: string) => requestFilters(new URLSearchParams(query));

test('filters of requests are read from the address, and what is no filter is left out', () => {
  expect(asQuery(read(''))).toEqual({ sort: '-requested' });
  expect(isNarrowed(read('sort=title'))).toBe(false);
  expect(asQuery(read('state=stuck&q=moon&requested_by=r&type=series&sort=title'))).toEqual({
    sort: 'title',
    q: 'moon',
    state: ['stuck'],
    requested_by: 'r',
    type: 'series'
  });
  expect(asQuery(read('state=attention')).state).toEqual([
    'stuck',
    'failed',
    'gone',
    'awaiting_approval'
  ]);
  expect(exportPath(read('state=attention&q=moon'))).toBe(
    '/api/v1/requests/export.csv?sort=-requested&q=moon&state=stuck&state=failed&state=gone&state=awaiting_approval'
  );
  expect(read('state=lost&type=book&sort=colour')).toEqual(read(''));
});

test('every state has words, and those that need somebody come first', () => {
  expect(stateNames.slice(0, 4)).toEqual(['stuck', 'failed', 'gone', 'awaiting_approval']);
  for (const state of stateNames) expect(states[state].label).not.toBe('');
});

const season = (more: Partial<MediaRequest['seasons'][number]>) =>
  ({ number: 1, state: 'missing', held: 0, episodes: null, ...more }) as never;

test('a season says how much of it is here', () => {
  expect(seasonWords(season({ state: 'airing', held: 4, episodes: 10 }))).toBe(
    'airing, 4 of 10 episodes here'
  );
  expect(seasonWords(season({ state: 'awaiting_release', episodes: 10 }))).toBe('not out yet');
  expect(seasonWords(season({}))).toBe('missing');
  const seasons = [season({ number: 3 }), season({ number: 1 })];
  expect(seasonNumbers({ seasons })).toEqual([1, 3]);
});

test('a title that nobody has named yet is called by its number', () => {
  const title = { id: null, type: 'movie' as const, name: null, year: null, tmdb: '348' };
  expect(nameOf({ title })).toBe('TMDB 348');
  expect(nameOf({ title: { ...title, name: 'Alien' } })).toBe('Alien');
});
