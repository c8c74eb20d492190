import { describe, expect, test } from 'vitest';
import type { JoinProgress, JoinServerProgress } from '#lib/api/types.ts';
import type { Begun } from './storage.ts';
import { retryLabel, linksOf, resultOf, isTriedOn, mayChange, stepLabel } from './labels.ts';

type Status = JoinServerProgress['status'];

const server = (name: string, status: Status, error_code: string | null = null) => ({
  id: name,
  name,
  status,
  error_code,
  missing_libraries: [] as string[],
  url: null
});
const now = Date.parse('2026-11-21T12:00:00Z');
const progress = (
  status: JoinProgress['status'],
  ...servers: JoinServerProgress[]
): JoinProgress => ({
  status,
  servers,
  retry_until: status === 'partial' ? '2026-11-22T12:00:00Z' : null
});

const begun = (more: Partial<Begun> = {}): Begun => ({
  redemption_id: 'r',
  token: 't',
  username: 'ann',
  email: 'ann@example.org',
  plex: 'signed',
  plexServers: ['Cellar', 'Shed'],
  ...more
});
const textOf = (of: JoinProgress, more: Partial<Begun> = {}) => {
  const { title, text } = resultOf(of, begun(more), now);
  return [title, ...text].join(' | ');
};

describe('the result in words:', () => {
  test('one Jellyfin server', () => {
    expect(textOf(progress('succeeded', server('Attic', 'done')))).toBe(
      'You’re in | Sign in as “ann”, with the password you chose.'
    );
  });

  test('Plex, signed in', () => {
    expect(textOf(progress('succeeded', server('Cellar', 'done')), { username: null })).toBe(
      'You’re in | Cellar is in your Plex app now.'
    );
  });

  test('both kinds, each with its own way in', () => {
    const both = [server('Attic', 'done'), server('Cellar', 'done'), server('Shed', 'done')];
    expect(textOf(progress('succeeded', ...both))).toBe(
      'You’re in | On Attic, sign in as “ann”, with the password you chose. | ' +
        'Cellar and Shed are in your Plex app now.'
    );
  });

  test('a user of the Plex Home is chosen, not signed in as', () => {
    expect(textOf(progress('succeeded', server('Cellar', 'done')), { plex: 'home' })).toContain(
      'choose “ann” when the Plex app asks who is watching'
    );
  });

  test('by mail there is a step left, and it is said where', () => {
    const text = textOf(progress('succeeded', server('Cellar', 'pending')), { plex: 'mail' });
    expect(text).toBe(
      'One step left | Plex has sent an invitation to ann@example.org. ' +
        'Accept it there, and Cellar appears in your Plex app.'
    );
    expect(
      textOf(progress('succeeded', server('Attic', 'done'), server('Cellar', 'pending')))
    ).toContain('You’re in, almost | Sign in as “ann”');
  });

  test('a part that is tried on is said so, for a day', () => {
    const partial = progress(
      'partial',
      server('Attic', 'done'),
      server('Cellar', 'failed', 'circuit_open')
    );
    expect(textOf(partial)).toContain('Cellar is not ready yet. We keep trying until tomorrow');
    const late = now + 25 * 3_600_000;
    expect(resultOf(partial, begun(), late).text.join()).toContain('Cellar did not work this time');
    expect(textOf({ ...partial, retry_until: null })).toContain('Cellar did not work this time');
  });

  test('a part that is just being tried again is not there yet', () => {
    const again = progress('partial', server('Attic', 'done'), server('Cellar', 'working'));
    expect(textOf(again)).toContain('You’re in, almost');
    expect(textOf(again)).toContain('Cellar is not ready yet');
  });

  test('a part that no further try can mend is not promised', () => {
    const partial = progress(
      'partial',
      server('Attic', 'done'),
      server('Cellar', 'failed', 'own_account')
    );
    expect(textOf(partial)).not.toContain('We keep trying');
  });

  test('what was undone left nothing behind', () => {
    const undone = progress(
      'undone',
      server('Attic', 'failed', 'unreachable'),
      server('Cellar', 'undone')
    );
    expect(textOf(undone)).toBe(
      'That did not work | Attic: it did not answer. | ' +
        'No account was left behind, and your invitation has not been used.'
    );
  });
});

test.each([
  ['own_account', 'Failed: this Plex account owns the server'],
  ['unknown_user', 'Failed: Plex has no account with this address'],
  ['user_already_exists', 'Failed: it is already shared with this Plex account'],
  ['library_required', 'Failed: it has nothing to share at the moment'],
  ['rate_limited', 'Failed: it was too busy'],
  ['home_pin_invalid', 'Failed: the PIN must be four digits, or empty'],
  ['something_new', 'Failed: something went wrong']
])('%s has a guest’s words', (code, words) => {
  expect(stepLabel(server('Cellar', 'failed', code), begun())).toBe(words);
});

test('Plex is opened once, however many servers are there', () => {
  const at = (name: string, url: string | null) => ({ ...server(name, 'done'), url });
  const servers = [at('Attic', 'http://attic'), at('Cellar', 'http://p'), at('Shed', 'http://p')];
  expect(linksOf(progress('succeeded', ...servers, at('Barn', null)), begun())).toEqual([
    { url: 'http://attic', label: 'Open Attic' },
    { url: 'http://p', label: 'Open Plex' }
  ]);
});

test('what is asked for next is what may help', () => {
  const failed = (code: string) => progress('undone', server('Attic', 'failed', code));
  expect(retryLabel(failed('username_taken'))).toBe('Choose another name');
  expect(retryLabel(failed('own_account'))).toBe('Join with another account');
  expect(retryLabel(failed('unreachable'))).toBe('Try again');
});

test('it is asked on only where there is something to wait for', () => {
  expect(mayChange(progress('succeeded', server('Cellar', 'done')), now)).toBe(false);
  expect(mayChange(progress('succeeded', server('Cellar', 'pending')), now)).toBe(true);
  expect(mayChange(progress('undone', server('Cellar', 'failed')), now)).toBe(false);
  const partial = progress('partial', server('Attic', 'done'), server('Cellar', 'failed', 'busy'));
  expect(mayChange(partial, now)).toBe(true);
  expect(mayChange(partial, now + 25 * 3_600_000)).toBe(false);
});

test('what is retried can be distinguished from what has failed for good', () => {
  const busy = server('Cellar', 'failed', 'busy');
  const own = server('Shed', 'failed', 'own_account');
  const partial = progress('partial', server('Attic', 'done'), busy, own);
  const tried = (at: number) => partial.servers.filter((one) => isTriedOn(one, partial, at));
  expect(tried(now)).toEqual([busy]);
  expect(tried(now + 25 * 3_600_000)).toEqual([]);
});

test('what an earlier version of the page has stored still has a result', () => {
  const old: Begun = { redemption_id: 'r', token: 't', username: 'ann' };
  expect(resultOf(progress('succeeded', server('Attic', 'done')), old, now).text).toEqual([
    'Sign in as “ann”, with the password you chose.'
  ]);
});
