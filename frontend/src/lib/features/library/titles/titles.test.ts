import { expect, test } from 'vitest';
import type { Leaf, TitleDetail, Track } from '#lib/api/types.ts';
import { titleFilters } from './filters.ts';
import { filesOf, seasonsOf } from './seasons.ts';
import { languageName, tracksWords } from './tracks.ts';
import { watchersOf } from './watchers.ts';

let next = 0;
const file = (path: string, size: number | null) => ({
  id: String(next++),
  path,
  size,
  container: 'mkv',
  tracks: []
});
const leaf = (season: number | null, number: number | null, ...files: Leaf['files']) =>
  ({
    id: `${season}-${number}`,
    library_id: 'films',
    season,
    number,
    name: `E${number}`,
    files
  }) as Leaf;

test('filters are read from the address, and what is no filter is left out', () => {
  const read = (query: string) => titleFilters(new URLSearchParams(query));
  expect(read('')).toEqual({
    q: '',
    type: null,
    watched: null,
    server: null,
    library: null,
    sort: 'name'
  });
  expect(read('type=series&watched=no&sort=-size&q=moon')).toMatchObject({
    q: 'moon',
    type: 'series',
    watched: 'no',
    sort: '-size'
  });
  expect(read('type=book&watched=perhaps&sort=colour')).toMatchObject({
    type: null,
    watched: null,
    sort: 'name'
  });
});

test('the same file on two servers counts once', () => {
  const leaves = [leaf(1, 1, file('/a', 5)), leaf(1, 1, file('/a', 5), file('/b', 5))];
  expect(filesOf(leaves)).toHaveLength(2);
});

test('episodes stand in their seasons in order, specials last', () => {
  const seasons = seasonsOf([
    leaf(0, 1, file('/s', 1)),
    leaf(2, 1, file('/c', 4)),
    leaf(1, 2, file('/b', null)),
    leaf(1, 1, file('/a', 2)),
    leaf(1, 1, file('/a', 2))
  ]);
  expect(seasons.map(({ number }) => number)).toEqual([1, 2, 0]);
  expect(seasons[0]).toMatchObject({ size: 2, episodes: [{ number: 1 }, { number: 2 }] });
  expect(seasons[0]?.episodes[0]?.leaves).toHaveLength(2);
});

test('languages are named, whatever their code', () => {
  expect(['fr', 'fre', 'fra', 'fr-CA', 'deu'].map(languageName)).toEqual([
    'French',
    'French',
    'French',
    'Canadian French',
    'German'
  ]);
  expect(languageName(null)).toBe('unknown language');
  expect(languageName('Français')).toBe('Français');
});

test('tracks are one phrase', () => {
  const track = { kind: 'audio', language: 'en', channels: 6, forced: false } as Track;
  const french = {
    ...track,
    kind: 'subtitle',
    language: 'fr',
    channels: null,
    forced: true
  } as Track;
  expect(tracksWords([track, track, french], 'audio')).toBe('English 5.1');
  expect(tracksWords([track, french], 'subtitle')).toBe('French (forced)');
  expect(tracksWords([], 'audio')).toBe('none');
});

test('who watched a series is one line for each account, the latest first', () => {
  const fact = (account_id: string, played: boolean, last_played_at: string | null) => ({
    server_id: 's',
    account_id,
    account: account_id,
    leaf_id: 'x',
    played,
    play_count: null,
    last_played_at,
    position: null,
    favourite: null,
    as_of: null
  });
  const title = {
    copies: [{ library_id: 'films', server_id: 's', server: 'Attic' }],
    leaves: [leaf(1, 1), leaf(1, 2)],
    watched_by: [
      fact('Ana', true, '2026-01-01T00:00:00Z'),
      fact('Bo', true, '2026-03-01T00:00:00Z'),
      fact('Bo', true, '2026-02-01T00:00:00Z'),
      fact('Cy', false, null)
    ]
  } as TitleDetail;
  expect(watchersOf(title)).toMatchObject([
    { account: 'Bo', played: 2, total: 2, lastPlayedAt: '2026-03-01T00:00:00Z', server: 'Attic' },
    { account: 'Ana', played: 1 }
  ]);
});
