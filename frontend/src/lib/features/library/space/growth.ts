import type { GrowthDay } from '#lib/api/types.ts';

export const CHART = { width: 600, height: 140 };

const x = (index: number, count: number) => (index / Math.max(count - 1, 1)) * CHART.width;
const rounded = (value: number) => Math.round(value * 10) / 10;

/** A library is level between two syncs and steps at one, so the line does too. */
export function linePath(days: GrowthDay[]): string {
  const top = Math.max(...days.map((day) => day.bytes), 1);
  const y = (bytes: number) => CHART.height - (bytes / top) * (CHART.height - 8);
  return days
    .map(({ bytes }, index) =>
      index === 0
        ? `M0 ${rounded(y(bytes))}`
        : `H${rounded(x(index, days.length))}V${rounded(y(bytes))}`
    )
    .join('');
}

export const areaPath = (days: GrowthDay[]): string => `${linePath(days)}V${CHART.height}H0Z`;

/** The day below the pointer; `at` is between 0 and 1. */
export const dayAt = (days: GrowthDay[], at: number): number =>
  Math.min(days.length - 1, Math.max(0, Math.round(at * (days.length - 1))));

export interface Change extends GrowthDay {
  /** In bytes, since the row before it. */
  change: number;
}

/** The days on which something changed, and the first one; the latest first. */
export const changesIn = (days: GrowthDay[]): Change[] =>
  days
    .map((day, index) => ({ ...day, change: day.bytes - (days[index - 1]?.bytes ?? day.bytes) }))
    .filter(
      ({ titles, change }, index) => index === 0 || change || titles !== days[index - 1]?.titles
    )
    .toReversed();
