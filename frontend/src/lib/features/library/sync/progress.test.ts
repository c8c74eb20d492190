import { expect, test } from 'vitest';
import type { CatalogueState, Run, RunPart } from '#lib/api/types.ts';
import {
  isRead,
  knownAsOf,
  progressWords,
  stateOf,
  stepWords,
  unreadAccounts
} from './progress.ts';

const progress = {
  done: 0,
  total: null,
  message: null,
  step: null,
  rate: null,
  seconds_left: null
};

test('a step is told in words, a library by its name', () => {
  expect(stepWords({ step: 'library: Kids: Films', message: null })).toBe('Reading Kids: Films');
  expect(stepWords({ step: 'plays', message: null })).toBe('Reading who watched what');
  expect(stepWords({ step: null, message: null })).toBe('Waiting');
  expect(stepWords({ step: 'new step', message: 'Doing it' })).toBe('Doing it');
});

test('progress tells what is known: how much, how quickly, how long still', () => {
  expect(progressWords(progress)).toBe('');
  expect(progressWords({ ...progress, done: 1200 })).toBe('1,200');
  expect(
    progressWords({ ...progress, done: 1200, total: 4000, rate: 310.4, seconds_left: 9 })
  ).toBe('1,200 of 4,000 · 310 a second · about 9 s left');
});

const run = (status: Run['status'], ...codes: (string | null)[]) =>
  ({ status, parts: codes.map((error_code) => ({ error_code }) as RunPart) }) as Run;

test('a sync is told while it goes on, and when it failed or asks', () => {
  expect(stateOf(null)).toBeNull();
  expect(stateOf(run('succeeded'))).toBeNull();
  expect(stateOf(run('cancelled'))).toBeNull();
  expect(stateOf(run('queued'))).toBe('running');
  expect(stateOf(run('failed', null, 'unreachable'))).toBe('failed');
  expect(stateOf(run('failed', 'unreachable', 'library_shrunken'))).toBe('asks');
});

const account = { id: '1', name: 'Ana', as_of: null, error_code: null, removed_since: null };
const server = (as_of: string | null, ...accounts: CatalogueState['accounts']) =>
  ({ server_id: 's', server: 'Attic', as_of, accounts }) as CatalogueState;

test('the library is as old as the server that was read longest ago', () => {
  expect(isRead([server(null)])).toBe(false);
  expect(isRead([server(null), server('2026-11-02T00:00:00Z')])).toBe(true);
  expect(knownAsOf([server('2026-11-02T00:00:00Z'), server(null)])).toBe('2026-11-02T00:00:00Z');
  expect(knownAsOf([server('2026-11-02T00:00:00Z'), server('2026-11-01T00:00:00Z')])).toBe(
    '2026-11-01T00:00:00Z'
  );
});

test('accounts that could not be read are named, unless they are gone', () => {
  const failed = { ...account, error_code: 'unreachable' };
  const gone = { ...failed, id: '2', removed_since: '2026-11-01T00:00:00Z' };
  expect(unreadAccounts([server(null, account, failed, gone)])).toEqual([
    { id: 's/1', account: 'Ana', server: 'Attic', code: 'unreachable', as_of: null }
  ]);
});
