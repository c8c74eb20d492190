import { expect, test } from 'vitest';
import type { Gap } from '#lib/api/types.ts';
import { gapSentences } from './gaps.ts';

const gap = (name: string, permission: string): Gap => ({
  reason: 'permission_not_kept',
  server_id: name,
  library_id: null,
  name,
  permission
});

test('what a server cannot give is one sentence for each server', () => {
  const gaps = [gap('Attic', 'can_download'), gap('Attic', 'can_watch_live_tv')];
  expect(gapSentences({ gaps })).toEqual(['Attic does not offer downloads and live TV.']);
});

test('a limit that a server cannot keep is not mentioned to a guest', () => {
  expect(gapSentences({ gaps: [gap('Attic', 'allowed_ratings')] })).toEqual([]);
});
