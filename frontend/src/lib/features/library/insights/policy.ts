import type { Policy } from '#lib/api/types.ts';
import { bytes } from '#lib/format/sizes.ts';
import { allInsights, type AnyInsight } from './filters.ts';
import { oneOf } from '../titles/filters.ts';
import { t } from './policy_messages.ts';

export type PolicyName = Exclude<keyof Policy, 'library_languages'>;
/** Values that are tried out; the others are the workspace's. */
export type Overrides = Partial<Pick<Policy, PolicyName>>;

const GIB = 2 ** 30;

/** A number that is moved with a slider. The API's own limits are far wider. */
export interface Threshold {
  name: PolicyName;
  label: string;
  unit: 'days' | 'bytes';
  minimum: number;
  maximum: number;
  step: number;
}

const days = (name: PolicyName, label: string, maximum: number, step = 5): Threshold => ({
  name,
  label,
  unit: 'days',
  minimum: step === 1 ? 1 : 0,
  maximum,
  step
});

const size = (name: PolicyName, label: string, maximum: number): Threshold => ({
  name,
  label,
  unit: 'bytes',
  minimum: GIB,
  maximum: maximum * GIB,
  step: GIB / 2
});

export const thresholds: Record<AnyInsight, Threshold[]> = {
  unwatched: [
    days('unwatched_after_days', t.unwatchedAfter, 730),
    days('min_age_days', t.minAge, 730)
  ],
  large: [
    size('large_movie_bytes', t.movieSize, 100),
    size('large_season_bytes', t.seasonSize, 150)
  ],
  language: [days('language_added_within_days', t.addedWithin, 3650, 50)],
  recent: [days('recent_days', t.recentDays, 90, 1)],
  stuck: [
    days('stuck_after_days', t.stuckAfter, 365),
    days('awaiting_approval_days', t.awaitingApproval, 90, 1)
  ]
};

export const flags: Record<AnyInsight, { name: PolicyName; label: string }[]> = {
  unwatched: [{ name: 'favourites_count', label: t.favouritesCount }],
  large: [],
  language: [
    { name: 'strict', label: t.strict },
    { name: 'specials', label: t.specials }
  ],
  recent: [],
  stuck: [
    { name: 'show_future', label: t.showFuture },
    { name: 'hide_recent_releases', label: t.hideRecent }
  ]
};

export const namesOf: Record<AnyInsight, PolicyName[]> = {
  unwatched: ['unwatched_after_days', 'min_age_days', 'favourites_count'],
  large: ['large_movie_bytes', 'large_season_bytes', 'large_counts'],
  language: ['audio', 'subtitles', 'language_added_within_days', 'strict', 'specials'],
  recent: ['recent_days'],
  stuck: ['stuck_after_days', 'awaiting_approval_days', 'show_future', 'hide_recent_releases']
};

/** "120 days", "13 GiB". */
export const thresholdWords = ({ unit }: Pick<Threshold, 'unit'>, value: number): string =>
  unit === 'days' ? t.days(value) : bytes(value);

/** As far as a slider goes: further, where the value that holds is beyond its end. */
export const reach = ({ maximum }: Threshold, value: number): number => Math.max(maximum, value);

const LISTS = new Set<PolicyName>(['audio', 'subtitles']);
const FLAGS = new Set<PolicyName>([
  'favourites_count',
  'strict',
  'specials',
  'show_future',
  'hide_recent_releases'
]);

function valueOf(name: PolicyName, text: string): unknown {
  if (LISTS.has(name)) return text.split(',').filter(Boolean);
  if (FLAGS.has(name)) return text === 'true';
  return name === 'large_counts' ? text : Number(text);
}

/** The values in the address that this insight is tried out with. */
export function overridesIn(params: URLSearchParams, insight: AnyInsight): Overrides {
  const found = namesOf[insight].flatMap((name) => {
    const text = params.get(name);
    return text === null ? [] : [[name, valueOf(name, text)] as const];
  });
  return Object.fromEntries(found) as Overrides;
}

/** Those of the list that is open; none, where it is no list of an insight. */
export function triedIn(params: URLSearchParams, part: string): Overrides {
  const insight = oneOf(allInsights, part);
  return insight ? overridesIn(params, insight) : {};
}

/** In the address; a setting has null. */
export const ANY_AGE = 0;

const same = (one: unknown, other: unknown) =>
  JSON.stringify(one || null) === JSON.stringify(other || null);

/** Only what differs from what is saved. */
export const changedIn = (overrides: Overrides, saved: Overrides): Overrides =>
  Object.fromEntries(
    Object.entries(overrides).filter(([name, value]) => !same(value, saved[name as PolicyName]))
  ) as Overrides;

/** The values as settings. */
export const asSettings = (changed: Overrides): Overrides =>
  changed.language_added_within_days === ANY_AGE
    ? { ...changed, language_added_within_days: null }
    : changed;

/** The values for the page's address; those of the insight that are not tried out leave it. */
export const asParams = (
  overrides: Overrides,
  insight: AnyInsight
): Record<string, string | null> =>
  Object.fromEntries(
    namesOf[insight].map((name) => [
      name,
      overrides[name] === undefined ? null : String(overrides[name])
    ])
  );
