import { expect, test } from 'vitest';
import type { Redemption } from '#lib/api/types.ts';
import { ignoredBy, permissionWords, redemptionStatus, retryWords } from './labels.ts';

const now = Date.parse('2026-11-21T12:00:00Z');
const jellyfin = ['can_download', 'can_transcode', 'can_access_remotely', 'max_sessions'];
const plex = ['can_download', 'can_use_channels', 'allowed_ratings', 'allowed_labels'];

const redemption = (change: Partial<Redemption>): Redemption => ({
  id: 'r1',
  invitation_id: 'i1',
  status: 'succeeded',
  guest: 'Ann',
  email: null,
  identity_id: null,
  created_at: '2026-11-21T11:00:00Z',
  finished_at: null,
  retry_until: null,
  can_be_ended: false,
  servers: [{ id: 's1', name: 'Den', status: 'pending', error_code: null, missing_libraries: [] }],
  ...change
});

test('of rights that no chosen server knows nothing is said', () => {
  const rights = { can_access_remotely: true, can_transcode: true, can_download: true };
  expect(permissionWords(rights, plex)).toBe('Download');
  expect(permissionWords(rights, jellyfin)).toBe(
    'Watch from anywhere, transcode video and download'
  );
});

test('who may do nothing special may watch, and only where it is known, just at home', () => {
  const rights = { can_access_remotely: false, can_transcode: false };
  expect(permissionWords(rights, plex)).toBe('Watch');
  expect(permissionWords(rights, jellyfin)).toBe('Watch at home only');
});

test('limits are said, also those to ratings and labels', () => {
  const rights = { can_download: true, allowed_ratings: ['PG', 'G'], allowed_labels: ['Kids'] };
  expect(permissionWords(rights, plex)).toBe(
    'Download, only titles rated PG and G, only titles labelled Kids'
  );
});

test('a server that ignores a right is named where another one knows it', () => {
  const chosen = [
    { name: 'Attic', permissions: jellyfin },
    { name: 'Den', permissions: plex }
  ];
  expect(ignoredBy('can_download', chosen)).toBe('');
  expect(ignoredBy('can_transcode', chosen)).toBe('Den ignores this.');
  expect(ignoredBy('can_transcode', [...chosen, { name: 'Loft', permissions: plex }])).toBe(
    'Den and Loft ignore this.'
  );
  expect(ignoredBy('can_transcode', chosen.slice(0, 1))).toBe('');
});

test('who is only invited so far has not joined', () => {
  expect(redemptionStatus(redemption({})).label).toBe('Not accepted yet');
  const both = [
    ...redemption({}).servers,
    { id: 's2', name: 'Attic', status: 'done' as const, error_code: null, missing_libraries: [] }
  ];
  expect(redemptionStatus(redemption({ servers: both })).label).toBe('Joined');
});

test('of a part that failed it is said whether it is still tried', () => {
  expect(retryWords(redemption({}), now)).toBeNull();
  const partial = redemption({ status: 'partial', retry_until: '2026-11-22T11:00:00Z' });
  expect(retryWords(partial, now)).toMatch(/^Retried until .*22/);
  expect(retryWords(partial, now + 2 * 86_400_000)).toBe('It is not retried.');
});
