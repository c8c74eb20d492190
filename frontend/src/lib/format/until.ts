import { inDays } from './moments.ts';

/** How long something is to hold. */
export const untils = ['never', '30', '90', '365', 'date'] as const;
export type Until = (typeof untils)[number];

/** The moment that it ends; a day lasts to its end, where the reader is. */
export function endOf(until: Until, date: string): string | null {
  if (until === 'never') return null;
  if (until !== 'date') return inDays(Number(until));
  return date ? new Date(`${date}T23:59:59`).toISOString() : null;
}
