import { t } from './relative_messages.ts';

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

/** "3 minutes ago", "in 2 days"; under a minute it is "just now" or "in a moment". */
export function relative(iso: string, now = Date.now()): string {
  const seconds = (Date.parse(iso) - now) / 1000;
  const distance = Math.abs(seconds);
  if (distance < MINUTE) return seconds > 5 ? t.inAMoment : t.justNow;
  const [, unit, size] = steps.find(([limit]) => distance < limit) ?? years;
  return words.format(Math.round(seconds / size), unit);
}
