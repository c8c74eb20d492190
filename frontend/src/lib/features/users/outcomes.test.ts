import { expect, test } from 'vitest';
import type { ActionResult, ForeseenRemoval } from '#lib/api/types.ts';
import { anyFailed, foreseenRemoval, happened } from './outcomes.ts';

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
  expect(happened(result({}), 'delete')).toMatchObject({
    where: 'Attic',
    what: 'ann is deleted',
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
  expect(foreseen('deleted')).toContain('will be deleted there');
  expect(foreseen('refused')).toContain('left alone');
  expect(foreseen('failed', 'starting')).toBe('ann cannot be deleted now: the server was starting');
});
