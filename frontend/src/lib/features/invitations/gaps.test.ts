import { expect, test } from 'vitest';
import type { Gap } from '#lib/api/types.ts';
import { accessGaps, permissionGaps } from './gaps.ts';

const gap = (change: Partial<Gap>): Gap => ({
  reason: 'permission_not_kept',
  server_id: 's1',
  library_id: null,
  name: 'Attic',
  permission: null,
  ...change
});

const gaps = [
  gap({ permission: 'allowed_ratings' }),
  gap({ permission: 'allowed_labels' }),
  gap({ permission: 'max_sessions', name: 'Den' }),
  gap({ reason: 'server_disabled', name: 'Loft' })
];

test('permissions that cannot be kept are named for each server', () => {
  expect(permissionGaps(gaps)).toEqual([
    'Attic: “Only with these ratings” and “Only with these labels”',
    'Den: “Simultaneous streams”'
  ]);
});

test('what is not given is apart from that', () => {
  expect(accessGaps(gaps)).toEqual(['Loft is switched off']);
});
