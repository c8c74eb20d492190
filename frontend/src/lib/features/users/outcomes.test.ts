import { expect, test } from 'vitest';
import type { ActionResult, ForeseenRemoval, User } from '#lib/api/types.ts';
import { anyFailed, deleted, foreseenRemoval, happened } from './outcomes.ts';

const result = (change: Partial<ActionResult>): ActionResult => ({
  server_id: 's1',
  server_name: 'Attic',
  user_id: 'u1',
  username: 'ann',
  status: 'done',
  error_code: null,
  ...change
});

test('what happened is said per server, with the reason where it failed', () => {
  expect(happened(result({}), 'disable')).toMatchObject({
    where: 'Attic',
    what: 'ann is disabled',
    tone: 'ok'
  });
  expect(
    happened(result({ status: 'failed', error_code: 'unreachable' }), 'disable')
  ).toMatchObject({
    what: 'ann is as it was: the server did not answer',
    tone: 'bad'
  });
});

test('only a failure is worth a second try', () => {
  expect(
    anyFailed([result({}), result({ status: 'gone' }), result({ status: 'unsupported' })])
  ).toBe(false);
  expect(anyFailed([result({}), result({ status: 'failed' })])).toBe(true);
});

test('a deletion says beforehand what will be gone and what will stay', () => {
  const foreseen = (outcome: ForeseenRemoval['outcome'], error_code: string | null = null) =>
    foreseenRemoval({
      server_id: 's1',
      server_name: 'Attic',
      user_id: 'u1',
      username: 'ann',
      outcome,
      error_code
    }).what;
  expect(foreseen('deleted')).toContain('will be deleted');
  expect(foreseen('refused')).toContain('left alone');
  expect(foreseen('failed', 'starting')).toBe('ann cannot be deleted now: the server was starting');
});

test('after a deletion that failed in part, each server says which part', () => {
  const foreseen = ['u1', 'u2'].map((user_id): ForeseenRemoval => ({
    server_id: user_id,
    server_name: user_id === 'u1' ? 'Attic' : 'Cellar',
    user_id,
    username: 'ann',
    outcome: 'deleted',
    error_code: null
  }));
  const left = [{ id: 'u2' } as User];
  expect(deleted(foreseen, left)).toMatchObject([
    { where: 'Attic', what: 'ann is deleted', tone: 'ok' },
    { where: 'Cellar', what: 'ann is still there', tone: 'bad' }
  ]);
});
