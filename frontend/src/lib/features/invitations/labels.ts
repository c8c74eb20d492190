import type { Invitation, Permissions, Redemption } from '#lib/api/types.ts';
import { absolute, isPast, relative } from '#lib/format/dates.ts';
import { redemptionStatuses, type Status } from '#lib/format/status.ts';
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
  ['can_watch_live_tv', 'watch live television'],
  ['can_use_channels', 'use channels']
];

/** Limits in words; what is not limited is not mentioned. */
const limits: [keyof Permissions, (permissions: Permissions) => string | false][] = [
  [
    'max_sessions',
    ({ max_sessions: most }) => !!most && plural(most, 'stream at once', 'streams at once')
  ],
  ['max_bitrate_kbps', ({ max_bitrate_kbps: most }) => !!most && `up to ${count(most)} kbit/s`],
  [
    'allowed_ratings',
    ({ allowed_ratings: only }) => !!only?.length && `only what is rated ${list(only)}`
  ],
  [
    'allowed_labels',
    ({ allowed_labels: only }) => !!only?.length && `only what is labelled ${list(only)}`
  ]
];

const least = (permissions: Permissions, names: readonly string[]): string =>
  names.includes('can_access_remotely') && !permissions.can_access_remotely
    ? 'watch at home only'
    : 'watch';

/**
 * "Watch from anywhere and download, 2 streams at once".
 * `names` are the rights that the servers know; of the others nothing is said.
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
    label: 'As a friend',
    hint: 'With a Plex account of their own, which they sign in to or give the address of. For anyone outside your home.'
  },
  {
    value: 'home',
    label: 'As a Home user',
    hint: 'A profile in your own Plex Home, without an account or address of their own; they choose a name, and a PIN if they like. For your household: Plex allows 15.'
  }
] as const;

export const failureChoices = [
  {
    value: 'undo',
    label: 'All or nothing',
    hint: 'If one server fails, the others are undone; the invitation stays unused, and the guest can try again.'
  },
  {
    value: 'keep',
    label: 'Keep what worked',
    hint: 'The guest gets in where it worked, and the rest is tried again for a day.'
  }
] as const;

/** "Den and Attic ignore this": who of the chosen does not know a right that another knows. */
export function ignoredBy(name: string, chosen: { name: string; permissions: string[] }[]): string {
  const deaf = chosen.filter(({ permissions }) => !permissions.includes(name));
  if (!deaf.length || deaf.length === chosen.length) return '';
  return `${list(deaf.map((one) => one.name))} ${deaf.length === 1 ? 'ignores' : 'ignore'} this.`;
}

/** How a redemption stands; someone who is only invited so far has not joined. */
export function redemptionStatus({ status, servers }: Redemption): Status {
  const waiting = status === 'succeeded' && servers.every((one) => one.status === 'pending');
  return waiting ? { label: 'Not accepted yet', tone: 'warn' } : redemptionStatuses[status];
}

/** What still happens by itself after a part has failed. */
export function retryWords({ status, retry_until }: Redemption, now = Date.now()): string | null {
  if (status !== 'partial') return null;
  if (!retry_until || isPast(retry_until, now)) return 'It is not tried again.';
  return `Tried again until ${absolute(retry_until)}.`;
}
