import { describe, expect, test } from 'vitest';
import type { Invitation, Job, Redemption, Server } from '#lib/api/types.ts';
import {
  invitationItems,
  jobItems,
  pendingItems,
  redemptionItems,
  serverItems,
  withoutActions
} from './attention.ts';

const now = Date.parse('2026-11-21T12:00:00Z');
const minutesAgo = (minutes: number) => new Date(now - minutes * 60_000).toISOString();

const server = (change: Partial<Server>): Server => ({
  id: 's1',
  name: 'Attic',
  server_type: 'jellyfin',
  url: 'http://attic:8096',
  public_url: null,
  enabled: true,
  api_key_set: true,
  state: 'ok',
  checked_at: minutesAgo(2),
  seen_at: minutesAgo(2),
  version: '12.0.0',
  libraries_synced_at: minutesAgo(2),
  created_at: minutesAgo(9999),
  updated_at: minutesAgo(2),
  ...change
});

const invitation = (change: Partial<Invitation>): Invitation => ({
  id: 'i1',
  code: 'MOVIE-NIGHT',
  url: 'http://zondarr.test/join/MOVIE-NIGHT',
  status: 'active',
  label: 'Movie night',
  message: null,
  expires_at: null,
  max_uses: null,
  use_count: 0,
  duration_days: null,
  enabled: true,
  server_ids: ['s1'],
  library_ids: [],
  all_libraries: true,
  permissions: {
    can_download: false,
    can_transcode: true,
    can_watch_live_tv: false,
    can_access_remotely: true,
    max_sessions: null,
    max_bitrate_kbps: null
  },
  on_failure: 'undo',
  plex_user_type: 'friend',
  gaps: [],
  created_by: null,
  created_at: minutesAgo(500),
  updated_at: minutesAgo(500),
  ...change
});

test('a server that is up, or switched off on purpose, wants nobody', () => {
  expect(serverItems([server({}), server({ state: 'unreachable', enabled: false })], now)).toEqual(
    []
  );
});

test('a server that is down says since when it was seen', () => {
  const [item] = serverItems([server({ state: 'unreachable', seen_at: minutesAgo(180) })], now);
  expect(item).toMatchObject({ tone: 'bad', href: '/servers/s1' });
  expect(item?.text).toContain('Last seen 3 hours ago');
});

test('a server nobody has looked at for long is not called up', () => {
  const [item] = serverItems([server({ checked_at: minutesAgo(90) })], now);
  expect(item).toMatchObject({ tone: 'warn', title: 'Attic: Unknown' });
});

test.each([
  [{ max_uses: 10, use_count: 9 }, 'nearly used up'],
  [{ expires_at: '2026-11-23T12:00:00Z' }, 'expires in 2 days'],
  [
    {
      gaps: [
        { reason: 'library_missing' as const, server_id: 's1', library_id: 'l1', name: 'Films' }
      ]
    },
    'gives access to less than it should'
  ]
])('an invitation with %o is brought up', (change, words) => {
  expect(invitationItems([invitation(change)], now)[0]?.title).toContain(words);
});

test('an invitation for one person, not used yet, is not "nearly used up"', () => {
  expect(invitationItems([invitation({ max_uses: 1 })], now)).toEqual([]);
});

test('a job is brought up while its latest run is one that failed', () => {
  const job = (status: 'succeeded' | 'failed'): Job => ({
    name: 'sync_servers',
    description: 'Compares libraries and accounts.',
    schedule: 'every 6 hours',
    next_at: minutesAgo(-60),
    last_run: {
      status,
      started_at: minutesAgo(3),
      finished_at: minutesAgo(2),
      error_code: null,
      run_id: null
    }
  });
  expect(jobItems([job('succeeded'), { ...job('failed'), last_run: null }], now)).toEqual([]);
  expect(jobItems([job('failed')], now)).toMatchObject([
    { title: 'Sync servers failed 3 minutes ago', tone: 'bad' }
  ]);
});

describe('a guest who did not get in', () => {
  const redemption = (minutes: number, change: Partial<Redemption> = {}): Redemption => ({
    id: `r${minutes}`,
    invitation_id: 'i1',
    status: 'undone',
    guest: 'Ann',
    email: null,
    identity_id: null,
    created_at: minutesAgo(minutes),
    finished_at: minutesAgo(minutes),
    retry_until: null,
    can_be_ended: false,
    servers: [
      {
        id: 's1',
        name: 'Attic',
        status: 'failed',
        error_code: 'unreachable',
        missing_libraries: []
      },
      { id: 's2', name: 'Cellar', status: 'undone', error_code: null, missing_libraries: [] }
    ],
    ...change
  });

  test('is brought up with the reason', () => {
    expect(redemptionItems([redemption(60)], now)).toMatchObject([
      {
        title: 'Ann could not join',
        text: 'Attic: the server did not answer. Tried 1 hour ago.',
        href: '/invitations/i1'
      }
    ]);
  });

  test('is forgotten after some days, and as soon as a later try went well', () => {
    expect(redemptionItems([redemption(60 * 24 * 5)], now)).toEqual([]);
    const later = redemption(5, { status: 'succeeded', guest: 'ann' });
    expect(redemptionItems([later, redemption(60)], now)).toEqual([]);
    expect(redemptionItems([redemption(5), redemption(60)], now)).toHaveLength(1);
  });

  test('in part says until when it is tried, and is worse when that is over', () => {
    const kept = { status: 'partial' as const, retry_until: minutesAgo(-600) };
    expect(redemptionItems([redemption(60, kept)], now)).toMatchObject([
      {
        tone: 'warn',
        title: 'Ann could not join every server',
        text: expect.stringMatching(
          /^Attic: the server did not answer\. Tried 1 hour ago\. It is retried until .*21.*2026/
        )
      }
    ]);
    expect(
      redemptionItems([redemption(60, { ...kept, retry_until: minutesAgo(1) })], now)
    ).toMatchObject([{ tone: 'bad', text: expect.stringContaining('not retried') }]);
  });

  test('that waits in a mailbox is brought up after days, and not for ever', () => {
    const days = (count: number, change: Partial<Redemption> = {}) =>
      redemption(60 * 24 * count, {
        status: 'succeeded',
        identity_id: 'p1',
        servers: [
          { id: 's1', name: 'Den', status: 'pending', error_code: null, missing_libraries: [] }
        ],
        ...change
      });
    expect(pendingItems([days(1)], now)).toEqual([]);
    expect(pendingItems([days(40)], now)).toEqual([]);
    expect(pendingItems([days(4)], now)).toMatchObject([
      { title: 'Ann has not accepted the invitation to Den yet', href: '/people/p1' }
    ]);
    const accepted = [
      { id: 's1', name: 'Den', status: 'done' as const, error_code: null, missing_libraries: [] }
    ];
    expect(pendingItems([days(4, { servers: accepted })], now)).toEqual([]);
    const many = ['Ann', 'Ben', 'Cleo', 'Dora', 'Edo'].map((guest) => days(4, { guest }));
    expect(pendingItems(many, now)).toMatchObject([
      {
        title: '5 guests have not accepted their Plex invitations yet',
        text: 'Plex sent e-mails to Ann, Ben, Cleo and 2 others.'
      }
    ]);
  });
});

test('who may only look is led to where there is something to see', () => {
  const items = invitationItems([invitation({ max_uses: 10, use_count: 9 })], now);
  expect(items[0]).toMatchObject({ moreUses: { id: 'i1', uses: 10 }, href: '/invitations/i1' });
  expect(items.map(withoutActions)[0]).not.toHaveProperty('moreUses');
  expect(items.map(withoutActions)[0]).toMatchObject({ action: 'View', href: '/invitations/i1' });
});
