import type { Invitation, Permissions } from '#lib/api/types.ts';
import { isPast, relative } from '#lib/format/dates.ts';
import { count, days, list, plural } from '#lib/format/words.ts';

export const usesWords = ({ use_count, max_uses }: Invitation): string =>
  max_uses === null
    ? `${count(use_count)} used, no limit`
    : `${count(use_count)} of ${count(max_uses)} used`;

export function expiryWords({ expires_at }: Invitation, now = Date.now()): string {
  if (!expires_at) return 'never expires';
  return isPast(expires_at, now)
    ? `expired ${relative(expires_at, now)}`
    : `expires ${relative(expires_at, now)}`;
}

export const accessWords = ({ duration_days }: Invitation): string =>
  duration_days === null ? 'No end' : `${days(duration_days)} from the day they join`;

const abilities: [keyof Permissions, string][] = [
  ['can_access_remotely', 'watch from anywhere'],
  ['can_transcode', 'have films converted'],
  ['can_download', 'download'],
  ['can_watch_live_tv', 'watch live television']
];

/** "Watch from anywhere and download, 2 streams at once". */
export function permissionWords(permissions: Permissions): string {
  const can = abilities.filter(([name]) => permissions[name]).map(([, words]) => words);
  const { max_sessions, max_bitrate_kbps } = permissions;
  const parts = [
    can.length ? list(can) : 'watch at home only',
    max_sessions && plural(max_sessions, 'stream at once', 'streams at once'),
    max_bitrate_kbps && `up to ${count(max_bitrate_kbps)} kbit/s`
  ].filter((part) => typeof part === 'string');
  const sentence = parts.join(', ');
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}
