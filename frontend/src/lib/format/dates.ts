const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

type Step = [limit: number, unit: Intl.RelativeTimeFormatUnit, size: number];
const years: Step = [Infinity, 'year', 365.25 * DAY];
const steps: Step[] = [
  [HOUR, 'minute', MINUTE],
  [DAY, 'hour', HOUR],
  [14 * DAY, 'day', DAY],
  [60 * DAY, 'week', 7 * DAY],
  [548 * DAY, 'month', 30.44 * DAY]
];

const words = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
const day = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' });
const dayAndTime = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

/** "3 minutes ago", "in 2 days"; under a minute it is "just now" or "in a moment". */
export function relative(iso: string, now = Date.now()): string {
  const seconds = (Date.parse(iso) - now) / 1000;
  const distance = Math.abs(seconds);
  if (distance < MINUTE) return seconds > 5 ? 'in a moment' : 'just now';
  const [, unit, size] = steps.find(([limit]) => distance < limit) ?? years;
  return words.format(Math.round(seconds / size), unit);
}

/** "21 Nov 2026", in the reader's language and time zone. */
export const absoluteDay = (iso: string): string => day.format(new Date(iso));

/** "21 Nov 2026, 14:05", in the reader's language and time zone. */
export const absolute = (iso: string): string => dayAndTime.format(new Date(iso));

/** The value of an `<input type="datetime-local">`, in the reader's time zone. */
export function toLocalInput(iso: string | null): string {
  if (!iso) return '';
  const date = new Date(iso);
  const local = new Date(date.getTime() - date.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 16);
}

/** The moment that such an input means, as ISO 8601 in UTC; null when it is empty. */
export const fromLocalInput = (value: string): string | null =>
  value ? new Date(value).toISOString() : null;

/** The moment so many days from now. */
export const inDays = (days: number, now = Date.now()): string =>
  new Date(now + days * DAY * 1000).toISOString();

export const isPast = (iso: string | null, now = Date.now()): boolean =>
  iso !== null && Date.parse(iso) <= now;

/** True when the moment is still to come, and at most so many days away. */
export function isWithinDays(iso: string | null, days: number, now = Date.now()): boolean {
  if (!iso) return false;
  const distance = Date.parse(iso) - now;
  return distance > 0 && distance <= days * DAY * 1000;
}
