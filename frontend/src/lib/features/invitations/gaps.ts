import type { Gap } from '#lib/api/types.ts';
import { list } from '#lib/format/words.ts';
import { t } from './messages.ts';

type AccessGap = Exclude<Gap['reason'], 'permission_not_kept'>;

const sentences: Record<AccessGap, (values: { name: string }) => string> = {
  server_disabled: t.gapServerOff,
  library_missing: t.gapLibraryMissing,
  no_library_left: t.gapNoLibrary
};

const permissionNames: Partial<Record<string, string>> = {
  can_download: t.download,
  can_transcode: t.transcode,
  can_watch_live_tv: t.liveTv,
  can_use_channels: t.useChannels,
  can_access_remotely: t.remote,
  max_sessions: t.maxStreams,
  max_bitrate_kbps: t.maxBitrate,
  allowed_ratings: t.ratings,
  allowed_labels: t.labels
};

/** What the invitation should give and does not. */
export const accessGaps = (gaps: Gap[]): string[] => [
  ...new Set(
    gaps.flatMap(({ reason, name }) =>
      reason === 'permission_not_kept' ? [] : [sentences[reason]({ name })]
    )
  )
];

/** The permissions that a server cannot keep, for each server. */
export function permissionGaps(gaps: Gap[]): string[] {
  const byServer = new Map<string, string[]>();
  for (const { reason, name, permission } of gaps) {
    if (reason !== 'permission_not_kept') continue;
    const what = permissionNames[permission ?? ''] ?? permission ?? '';
    byServer.set(name, [...(byServer.get(name) ?? []), `“${what}”`]);
  }
  return Array.from(byServer, ([name, what]) => t.gapPermission({ name, what: list(what) }));
}
