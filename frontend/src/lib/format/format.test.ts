import { describe, expect, test } from 'vitest';
import { fromLocalInput, isWithinDays, toLocalInput } from './moments.ts';
import { relative } from './relative.ts';
import { humanize } from './names.ts';
import { duration } from './numbers.ts';
import { days, list } from './words.ts';

const now = Date.parse('2026-11-21T12:00:00Z');

describe('relative', () => {
  test.each([
    ['2026-11-21T11:59:40Z', 'just now'],
    ['2026-11-21T12:00:02Z', 'just now'],
    ['2026-11-21T12:00:40Z', 'in a moment'],
    ['2026-11-21T11:57:00Z', '3 minutes ago'],
    ['2026-11-21T09:00:00Z', '3 hours ago'],
    ['2026-11-20T11:00:00Z', 'yesterday'],
    ['2026-11-23T12:00:00Z', 'in 2 days'],
    ['2026-10-24T12:00:00Z', '4 weeks ago'],
    ['2027-05-21T12:00:00Z', 'in 6 months'],
    ['2023-11-21T12:00:00Z', '3 years ago']
  ])('%s is said as "%s"', (iso, words) => {
    expect(relative(iso, now)).toBe(words);
  });
});

test('a moment survives the date input and back', () => {
  const iso = '2026-12-24T18:30:00.000Z';
  expect(fromLocalInput(toLocalInput(iso))).toBe(iso);
  expect(fromLocalInput('')).toBeNull();
  expect(toLocalInput(null)).toBe('');
});

test('"within days" is only what is still to come', () => {
  expect(isWithinDays('2026-11-24T12:00:00Z', 7, now)).toBe(true);
  expect(isWithinDays('2026-11-20T12:00:00Z', 7, now)).toBe(false);
  expect(isWithinDays('2026-12-24T12:00:00Z', 7, now)).toBe(false);
  expect(isWithinDays(null, 7, now)).toBe(false);
});

test('days are said in the roundest words', () => {
  expect([1, 14, 30, 90, 365, 10].map(days)).toEqual([
    '1 day',
    '2 weeks',
    '1 month',
    '3 months',
    '1 year',
    '10 days'
  ]);
});

test('durations keep two units at most', () => {
  expect([0.42, 12.4, 185, 4320].map(duration)).toEqual([
    '0.4 s',
    '12 s',
    '3 min 5 s',
    '1 h 12 min'
  ]);
});

test('nouns, lists and names read as a person writes them', () => {
  expect(list(['Films', 'Series', 'Music'])).toBe('Films, Series and Music');
  expect(humanize('sync_libraries')).toBe('Sync libraries');
});
