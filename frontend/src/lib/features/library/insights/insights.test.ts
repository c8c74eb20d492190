import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { factName, factWords } from '#lib/format/facts.ts';
import { asQuery, findingFilters } from './filters.ts';
import { languageWords } from '#lib/format/languages.ts';
import { languageOptions } from './languages.ts';
import {
  asParams,
  asSettings,
  changedIn,
  overridesIn,
  reach,
  thresholds,
  thresholdWords,
  triedIn
} from './policy.ts';
import { placesOf } from './parts.ts';
import { PolicyDraft } from './policy.svelte.ts';

const params = (query: string) => new URLSearchParams(query);

test('a list of findings is read from the address, and begins in the order that suits it', () => {
  expect(findingFilters(params(''), 'large')).toEqual({
    q: '',
    verdict: 'finding',
    type: null,
    server: null,
    library: null,
    sort: '-size'
  });
  expect(findingFilters(params(''), 'recent').sort).toBe('-arrived');
  const narrowed = findingFilters(params('verdict=undecided&library=l&sort=name&q=x'), 'large');
  expect(asQuery(narrowed)).toEqual({
    verdict: 'undecided',
    sort: 'name',
    q: 'x',
    library_id: 'l'
  });
});

test('values that are tried out go into the address and come back', () => {
  const tried = { unwatched_after_days: 200, favourites_count: false };
  const written = asParams(tried, 'unwatched');
  expect(written).toEqual({
    unwatched_after_days: '200',
    min_age_days: null,
    favourites_count: 'false'
  });
  const address = params('unwatched_after_days=200&favourites_count=false&recent_days=3');
  expect(overridesIn(address, 'unwatched')).toEqual(tried);
  expect(overridesIn(params('audio=en,fr&subtitles=&strict=true'), 'language')).toEqual({
    audio: ['en', 'fr'],
    subtitles: [],
    strict: true
  });
});

test('what is tried out counts on its own list alone', () => {
  expect(triedIn(params('recent_days=3'), 'recent')).toEqual({ recent_days: 3 });
  expect(triedIn(params('recent_days=3'), 'titles')).toEqual({});
});

test('a part names its libraries where the title lies in several', () => {
  const films = { library_id: 'f', library: 'Films', server: 'Attic' };
  const kids = { library_id: 'k', library: 'Kids', server: 'Cellar' };
  expect(placesOf({ library_ids: ['f'] }, [films])).toBe('');
  expect(placesOf({ library_ids: ['f'] }, [films, kids])).toBe('in Films · Attic');
  expect(placesOf({ library_ids: ['f', 'k'] }, [films, kids])).toBe(
    'in Films · Attic and Kids · Cellar'
  );
  expect(placesOf({ library_ids: ['gone'] }, [films, kids])).toBe('');
});

test('only what differs from what is saved is changed', () => {
  const saved = { recent_days: 7, audio: ['en', 'fr'] };
  expect(changedIn({ recent_days: 7, audio: ['en', 'fr'] }, saved)).toEqual({});
  expect(changedIn({ recent_days: 9, audio: ['fr', 'en'] }, saved)).toEqual({
    recent_days: 9,
    audio: ['fr', 'en']
  });
});

test('titles of any age are 0 in the address and null in the settings', () => {
  const any = { language_added_within_days: 0 };
  expect(changedIn(any, { language_added_within_days: null })).toEqual({});
  expect(asSettings(changedIn(any, { language_added_within_days: 1500 }))).toEqual({
    language_added_within_days: null
  });
  expect(asSettings({ strict: true })).toEqual({ strict: true });
});

test('a slider says its value in words, and reaches a value beyond its end', () => {
  const [films] = thresholds.large;
  const [, age] = thresholds.unwatched;
  if (!films || !age) throw new Error('no thresholds');
  expect(thresholdWords(films, 13 * 2 ** 30)).toBe('13 GiB');
  expect(thresholdWords(age, 1)).toBe('1 day');
  expect(reach(age, 2000)).toBe(2000);
  expect(reach(age, 90)).toBe(730);
});

test('facts are written by what they count', () => {
  expect(factWords({ name: 'largest', value: 27_461_177_979 })).toBe('25.6 GiB');
  expect(factWords({ name: 'recent_days', value: 7 })).toBe('7 days');
  expect(factWords({ name: 'unknown_sizes', value: 2 })).toBe('2');
  expect(factWords({ name: 'favourite', value: false })).toBe('no');
  expect(factWords({ name: 'account', value: null })).toBe('unknown');
  expect(factWords({ name: 'arrived_at', value: '2026-11-02T10:00:00Z' })).toMatch(/2026/);
  expect(factWords({ name: 'last_activity', value: null })).toBe('none');
  expect(factWords({ name: 'missing_audio', value: 'fr, en' })).toBe('French, English');
  expect(factName('min_age_days')).toBe('Old enough after');
  expect(factName('largest_file_bytes')).toBe('Largest file');
});

test('languages have names, the original one too', () => {
  expect(languageWords('fr')).toBe('French');
  expect(languageWords('original')).toBe('The original language');
  expect(languageWords('not a tag')).toBe('not a tag');
  expect(languageOptions()[0]?.value).toBe('original');
});

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

test('a threshold that moves is asked for once it rests, and never two at a time', async () => {
  const asked: unknown[] = [];
  let busy = false;
  const draft = new PolicyDraft(
    async (values) => void asked.push(values),
    () => busy
  );
  draft.move({}, 'recent_days', 8);
  draft.move({}, 'recent_days', 9);
  expect(draft.moved).toEqual({ recent_days: 9 });
  await vi.advanceTimersByTimeAsync(1000);
  expect(asked).toEqual([{ recent_days: 9 }]);
  expect(draft.moved).toBeNull();

  busy = true;
  draft.move({ recent_days: 9 }, 'recent_days', 10);
  await vi.advanceTimersByTimeAsync(1000);
  expect(asked).toHaveLength(1);
  busy = false;
  await vi.advanceTimersByTimeAsync(1000);
  expect(asked).toEqual([{ recent_days: 9 }, { recent_days: 10 }]);
});
