import { expect, test } from 'vitest';
import type { ActionResult, ServerDeletionPreview, User } from '#lib/api/types.ts';
import { anyFailed, deleted, foreseen, foreseenRemoval, happened, verbOf } from './outcomes.ts';

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
  expect(happened(result({}), 'disable', 'disable')).toMatchObject({
    where: 'Attic',
    what: 'ann is disabled',
    tone: 'ok'
  });
  expect(
    happened(result({ status: 'failed', error_code: 'unreachable' }), 'disable', 'disable')
  ).toMatchObject({
    what: 'ann was not changed: the server did not answer',
    tone: 'bad'
  });
});

const user = (change: Partial<User> = {}): User => ({
  id: 'u1',
  identity_id: 'i1',
  media_server_id: 's1',
  server_name: 'Den',
  server_type: 'plex',
  external_user_id: '4711',
  username: 'ann',
  enabled: true,
  expires_at: null,
  access_ended_at: null,
  ended_early: false,
  missing_since: null,
  standing: 'accepted',
  access_taken: false,
  created_at: '2026-11-01T00:00:00Z',
  updated_at: '2026-11-01T00:00:00Z',
  ...change
});

test('where a server cannot disable, access is taken and given, and the words say so', () => {
  expect(verbOf('disable', ['disable', 'disable'])).toBe('Disable');
  expect(verbOf('disable', ['disable', 'take'])).toBe('Remove access');
  expect(verbOf('enable', ['take'])).toBe('Restore access');
  expect(happened(result({}), 'disable', 'take').what).toBe('ann no longer has access');
  expect(happened(result({}), 'enable', 'take').what).toBe('ann has access again');
  expect(happened(result({ status: 'nothing' }), 'enable', 'take').what).toContain('left');
});

test('before access is taken it is said what goes, what is remembered and what stays', () => {
  const { what } = foreseen(user(), 'take');
  expect(what).toMatch(/no longer shared/);
  expect(what).toMatch(/list is kept/);
  expect(what).toMatch(/stay friends/);
  expect(foreseen(user(), 'disable').what).toMatch(/will be disabled/);
  expect(foreseen(user(), 'none')).toMatchObject({ tone: 'warn' });
  expect(foreseen(user({ standing: 'pending' }), 'take').what).toMatch(/withdrawn/);
  expect(foreseen(user({ standing: 'left' }), 'take').what).toMatch(/nothing changes/);
  expect(foreseen(user({ enabled: false }), 'take').what).toMatch(/already/);
});

test('only a failure is worth a second try', () => {
  expect(
    anyFailed([result({}), result({ status: 'gone' }), result({ status: 'unsupported' })])
  ).toBe(false);
  expect(anyFailed([result({}), result({ status: 'failed' })])).toBe(true);
});

test('a deletion says beforehand what will be gone and what will stay', () => {
  const foreseen = (outcome: ServerDeletionPreview['outcome'], error_code: string | null = null) =>
    foreseenRemoval({
      server_id: 's1',
      server_name: 'Attic',
      user_id: 'u1',
      username: 'ann',
      outcome,
      error_code
    }).what;
  expect(foreseen('unshared')).toMatch(/no longer shared .* stay friends/);
  expect(foreseen('narrowed')).toContain('had before');
  expect(foreseen('deleted')).toContain('will be deleted');
  expect(foreseen('refused')).toContain('not changed');
  expect(foreseen('failed', 'starting')).toBe(
    'ann cannot be deleted now: the server was starting up'
  );
});

test('after a deletion that failed in part, each server says which part', () => {
  const foreseen = ['u1', 'u2'].map((user_id): ServerDeletionPreview => ({
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
    { where: 'Cellar', what: 'ann still exists', tone: 'bad' }
  ]);
});
