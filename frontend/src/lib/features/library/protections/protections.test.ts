import { expect, test } from 'vitest';
import type { BulkItem, Preset, Protection } from '#lib/api/types.ts';
import { isNarrowed, protectionFilters } from './filters.ts';
import { libraryOf, partOf } from './scope.ts';
import { endOf } from '#lib/format/until.ts';
import { kindsOf, termsOf } from './terms.ts';
import { newIn, outcomeWords, undo } from './undo.ts';
import { kindWords, partWords, protectedName } from './words.ts';

const keep = {
  id: 'keep',
  name: 'Keep',
  description: 'Never listed.',
  scopes: ['title']
} as Preset;
const part = { id: 'exempt_part', name: 'Part', description: '', scopes: ['season'] } as Preset;

test('a title can be protected from one list, or by what the presets for titles say', () => {
  const fine = { ...keep, id: 'large_is_fine', insight: 'large', languages: null } as Preset;
  const french = { ...fine, id: 'audio_only:fr', insight: 'language', languages: {} } as Preset;
  const all = [keep, part, fine, french];
  const kinds = (insight: 'large' | 'language' | null) =>
    kindsOf(all, insight).map(({ value }) => value);
  expect(kinds('large')).toEqual(['only:large', 'keep']);
  expect(kinds('language')).toEqual(['only:language', 'keep', 'audio_only:fr']);
  expect(kindsOf(all, null, 'season').map(({ value }) => value)).toEqual(['exempt_part']);
  expect(kinds(null)).toEqual(['keep', 'large_is_fine', 'audio_only:fr']);
  expect(termsOf('only:large')).toEqual({ insight: 'large' });
  expect(termsOf('keep')).toEqual({ preset: 'keep' });
});

test('a protection ends never, after some days, or at the end of a day', () => {
  expect(endOf('never', '')).toBeNull();
  expect(endOf('date', '')).toBeNull();
  expect(endOf('date', '2027-01-31')).toBe(new Date('2027-01-31T23:59:59').toISOString());
  expect(Date.parse(endOf('30', '') ?? '') - Date.now()).toBeGreaterThan(29 * 86_400_000);
});

const item = (status: BulkItem['status'], protection_id: string | null = 'p'): BulkItem => ({
  title_id: 't',
  status,
  protection_id
});
const titles = [{ name: 'Alien' }, { name: 'Aliens' }];

test('it is said what became of it, and only what is new can be undone', () => {
  expect(outcomeWords([item('created')], titles.slice(0, 1))).toBe('Alien is protected.');
  expect(outcomeWords([item('created'), item('already_protected')], titles)).toBe(
    '1 title is protected. 1 was protected before.'
  );
  expect(newIn([item('renewed', 'r'), item('already_protected'), item('not_found', null)])).toEqual(
    ['r']
  );
  expect(undo(['r'])?.label).toBe('Undo');
  expect(undo([])).toBeUndefined();
});

test('a part of a show and a library have a scope of their own', () => {
  const title = { id: 't', name: 'Show' };
  expect(partOf(title, { season: 2 })).toMatchObject({ name: 'Show Season 2', kind: 'season' });
  expect(partOf(title, { season: 2, number: 5 })).toEqual({
    name: 'Show S2E5',
    kind: 'episode',
    scope: { title_id: 't', season: 2, number: 5 }
  });
  expect(libraryOf({ library_id: 'l', library: 'Films', server: 'Attic' })).toEqual({
    name: 'Films · Attic',
    kind: 'library',
    scope: { library_id: 'l' }
  });
});

const protection = {
  scope: { season: null, number: null },
  title: { name: 'Alien', year: 1979 },
  library: null,
  insight: null,
  languages: null,
  preset: null
} as unknown as Protection;

test('a protection says of what and from what', () => {
  expect(protectedName(protection)).toBe('Alien (1979)');
  expect(kindWords(protection, [])).toBe('Everything');
  expect(kindWords({ ...protection, preset: 'keep' }, [keep])).toBe('Keep');
  expect(kindWords({ ...protection, insight: 'large' }, [])).toBe('Large');
  const languages = { audio: ['fr'], subtitles: [] };
  expect(kindWords({ ...protection, languages }, [])).toBe(
    'Other languages (audio: French; subtitles: none required)'
  );
  const scope = { ...protection.scope, season: 2, number: 5 };
  expect(partWords({ ...protection, scope })).toBe('S2E5');
  const library = { id: 'l', name: 'Films', server_id: null, server: null, gone: true };
  expect(protectedName({ ...protection, title: null, library })).toBe(
    'All of Films · gone at the moment'
  );
});

test('filters of protections are read from the address', () => {
  const read = (query: string) => protectionFilters(new URLSearchParams(query));
  expect(read('state=lapsed&insight=large')).toEqual({ q: '', state: 'lapsed', insight: 'large' });
  expect(isNarrowed(read(''))).toBe(false);
  expect(isNarrowed(read('state=lapsed'))).toBe(true);
});
