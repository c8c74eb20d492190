import { t } from './messages.ts';

const listed = new Intl.ListFormat('en-GB', { type: 'conjunction' });

/** "Films, Series and Music". */
export const list = (items: string[]): string => listed.format(items);

/** "1 day", "3 weeks", "6 months", "1 year": a number of days in the largest unit that fits. */
export function days(value: number): string {
  if (value % 365 === 0) return t.years(value / 365);
  if (value % 30 === 0) return t.months(value / 30);
  if (value % 7 === 0) return t.weeks(value / 7);
  return t.days(value);
}

/** A phrase as a sentence: "is needed" becomes "Is needed." */
export function sentence(text: string): string {
  const trimmed = text.trim();
  const first = trimmed.charAt(0).toUpperCase() + trimmed.slice(1);
  return /[.!?…]$/.test(first) ? first : `${first}.`;
}
