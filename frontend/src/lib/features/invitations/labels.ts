import type { Invitation, Permissions, Redemption } from '#lib/api/types.ts';
import { absolute } from '#lib/format/dates.ts';
import { isPast } from '#lib/format/moments.ts';
import { relative } from '#lib/format/relative.ts';
import { redemptionStatuses, type Status } from '#lib/format/status.ts';
import { count } from '#lib/format/numbers.ts';
import { days, list } from '#lib/format/words.ts';
import { t } from './messages.ts';

export const usesWords = ({ use_count, max_uses }: Invitation): string =>
  max_uses === null
    ? t.usedNoLimit({ used: count(use_count) })
    : t.usedOfMax({ used: count(use_count), max: count(max_uses) });

export function expiryWords({ expires_at }: Invitation, now = Date.now()): string {
  if (!expires_at) return t.neverExpires;
  return isPast(expires_at, now)
    ? t.expiredWhen({ when: relative(expires_at, now) })
    : t.expiresWhen({ when: relative(expires_at, now) });
}

export const accessWords = ({ duration_days }: Invitation): string =>
  duration_days === null ? t.noEndDate : t.durationFromJoining({ duration: days(duration_days) });

const abilities: [keyof Permissions, string][] = [
  ['can_access_remotely', t.canWatchAnywhere],
  ['can_transcode', t.canTranscode],
  ['can_download', 'download'],
  ['can_watch_live_tv', t.canWatchLiveTv],
  ['can_use_channels', t.canUseChannels]
];

/** Limits in words; what is not limited is not mentioned. */
const limits: [keyof Permissions, (permissions: Permissions) => string | false][] = [
  ['max_sessions', ({ max_sessions: most }) => !!most && t.streamLimit(most)],
  [
    'max_bitrate_kbps',
    ({ max_bitrate_kbps: most }) => !!most && t.bitrateLimit({ bitrate: count(most) })
  ],
  [
    'allowed_ratings',
    ({ allowed_ratings: only }) => !!only?.length && t.ratingLimit({ ratings: list(only) })
  ],
  [
    'allowed_labels',
    ({ allowed_labels: only }) => !!only?.length && t.labelLimit({ labels: list(only) })
  ]
];

/** Every permission that has a text. */
export const shared = [...abilities, ...limits].map(([name]) => name);

const least = (permissions: Permissions, names: readonly string[]): string =>
  names.includes('can_access_remotely') && !permissions.can_access_remotely
    ? t.canWatchAtHome
    : 'watch';

/**
 * "Watch from anywhere and download, 2 streams at once".
 * `names` are the permissions that the servers have; others are left out.
 */
export function permissionWords(permissions: Permissions, names: readonly string[]): string {
  const known = ([name]: [string, ...unknown[]]) => names.includes(name);
  const can = abilities.filter(known).filter(([name]) => permissions[name]);
  const parts = [
    can.length ? list(can.map(([, words]) => words)) : least(permissions, names),
    ...limits.filter(known).map(([, words]) => words(permissions))
  ].filter((part) => part !== false);
  const sentence = parts.join(', ');
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}

/** How a guest joins a server that knows more than one way, and what each means. */
export const userTypes = [
  {
    value: 'friend',
    label: t.asAFriend,
    hint: t.asAFriendHint
  },
  {
    value: 'home',
    label: t.asAHomeUser,
    hint: t.asAHomeUserHint
  }
] as const;

export const failureChoices = [
  {
    value: 'undo',
    label: t.allOrNothing,
    hint: t.allOrNothingHint
  },
  {
    value: 'keep',
    label: t.keepWhatWorked,
    hint: t.keepWhatWorkedHint
  }
] as const;

/** "Den and Attic ignore this": the chosen servers that lack a permission which another has. */
export function ignoredBy(name: string, chosen: { name: string; permissions: string[] }[]): string {
  const unaware = chosen.filter(({ permissions }) => !permissions.includes(name));
  if (!unaware.length || unaware.length === chosen.length) return '';
  return t.ignoredBy(unaware.length, { names: list(unaware.map((one) => one.name)) });
}

/** The status of a redemption; a guest who has only been invited by mail has not joined. */
export function redemptionStatus({ status, servers }: Redemption): Status {
  const waiting = status === 'succeeded' && servers.every((one) => one.status === 'pending');
  return waiting ? { label: t.notAcceptedYet, tone: 'warn' } : redemptionStatuses[status];
}

/** Whether a part that failed is retried. */
export function retryWords({ status, retry_until }: Redemption, now = Date.now()): string | null {
  if (status !== 'partial') return null;
  if (!retry_until || isPast(retry_until, now)) return t.notRetried;
  return t.retriedUntil({ moment: absolute(retry_until) });
}
