import { expect, test } from 'vitest';
import type { Identity, User } from '#lib/api/types.ts';
import { accountsOf, accountStatus, canComeBack, revokeMethodOf, personStatus } from './status.ts';

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
const person = (...users: User[]): Identity => ({
  id: 'i1',
  ended_early: false,
  display_name: 'Ann',
  email: null,
  enabled: users.some(({ enabled }) => enabled),
  expires_at: null,
  created_at: '2026-11-01T00:00:00Z',
  updated_at: '2026-11-01T00:00:00Z',
  users
});
const attic = user({ id: 'u2', server_name: 'Attic' });
const pending = user({ standing: 'pending' });
const left = user({ standing: 'left', enabled: false });
const taken = user({ access_taken: true, enabled: false });

test('pending, left and taken away are distinguished from a plain "no access"', () => {
  expect(accountStatus(user()).label).toBe('Has access');
  expect(accountStatus(pending).label).toBe('Invited, not accepted yet');
  expect(accountStatus(left).label).toBe('Left');
  expect(accountStatus(taken).label).toBe('Access removed');
  expect(accountStatus(user({ enabled: false })).label).toBe('No access');
});

test('what was taken from somebody who had not accepted is still taken', () => {
  expect(accountStatus({ ...taken, standing: 'pending' }).label).toBe('Access removed');
});

test('a person is pending only while no account lets them in', () => {
  expect(personStatus(person(pending)).label).toBe('Invited, not accepted yet');
  expect(personStatus(person(pending, attic)).label).toBe('Has access');
  expect(personStatus(person(left)).label).toBe('Left');
  expect(personStatus(person(left, attic)).label).toBe('Has access');
  expect(personStatus(person()).label).toBe('No access');
});

test('in a list each server that is not as usual has a word', () => {
  expect(accountsOf(person(attic, pending))).toEqual(['Attic', 'Den (not accepted yet)']);
  expect(accountsOf(person(attic, left))).toEqual(['Attic', 'Den (left)']);
  expect(accountsOf(person(attic, taken))).toEqual(['Attic', 'Den (access removed)']);
  expect(accountsOf(person(pending)), 'the badge says it already').toEqual(['Den']);
});

test('how access ends follows what the server can do, not what it is called', () => {
  expect(revokeMethodOf(['enable_disable_user', 'library_access'])).toBe('disable');
  expect(revokeMethodOf(['library_access'])).toBe('take');
  expect(revokeMethodOf([])).toBe('none');
});

test('only what can be given back is offered', () => {
  expect([taken, user({ enabled: false })].map(canComeBack)).toEqual([true, true]);
  expect([left, user(), user({ enabled: false, missing_since: 'x' })].map(canComeBack)).toEqual([
    false,
    false,
    false
  ]);
});
