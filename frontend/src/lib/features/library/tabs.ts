import type { Summary } from '#lib/api/types.ts';
import { count } from '#lib/format/numbers.ts';
import { bytes } from '#lib/format/sizes.ts';
import type { Tab } from '#lib/ui/Tabs.svelte';
import { oneOf } from './titles/filters.ts';
import { t } from './messages.ts';

const parts = [
  'overview',
  'unwatched',
  'large',
  'language',
  'stuck',
  'recent',
  'titles',
  'protections'
] as const;
export type Part = (typeof parts)[number];

/** The part of the library that an address means; the overview has none in its address. */
export const partOf = (address: string | undefined): Part | null =>
  address === undefined ? 'overview' : address === 'overview' ? null : oneOf(parts, address);

export const pathOf = (part: Part): string =>
  part === 'overview' ? '/library' : `/library/${part}`;

const labels: Record<Part, string> = {
  overview: t.overview,
  unwatched: t.unwatched,
  large: t.large,
  language: t.language,
  stuck: t.stuck,
  recent: t.recent,
  titles: t.allTitles,
  protections: t.protections
};

function figureOf(part: Part, summary?: Summary, kept?: number): string | undefined {
  if (part === 'protections') return kept === undefined ? undefined : count(kept);
  if (!summary) return undefined;
  if (part === 'titles') {
    return t.countAndSize({ count: count(summary.titles), size: bytes(summary.bytes) });
  }
  const amount = summary.items.find(({ insight }) => insight === part);
  if (!amount) return undefined;
  // Requests take no room.
  if (part === 'stuck') return count(amount.findings);
  return t.countAndSize({ count: count(amount.findings), size: bytes(amount.finding_bytes) });
}

/** The parts of the library, each with what it holds. */
export const libraryTabs = (summary?: Summary, kept?: number): (Tab & { part: Part })[] =>
  parts.map((part) => ({
    part,
    href: pathOf(part),
    label: labels[part],
    figure: figureOf(part, summary, kept)
  }));
