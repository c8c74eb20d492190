import { t } from './messages.ts';

export const NEVER = 'never';

/** An hour of UTC as the reader's clock shows it. */
export function hourIn(utc: number, zone?: string): string {
  const time = new Intl.DateTimeFormat('en-GB', {
    hour: '2-digit',
    minute: '2-digit',
    ...(zone && { timeZone: zone })
  });
  return time.format(new Date(Date.UTC(2026, 0, 15, utc)));
}

/** The hours to choose from, in the order of the reader's day. */
export function syncHours(zone?: string): { value: string; label: string }[] {
  const hours = Array.from({ length: 24 }, (_, utc) => ({
    value: String(utc),
    label: hourIn(utc, zone)
  }));
  hours.sort((one, other) => one.label.localeCompare(other.label));
  return [...hours, { value: NEVER, label: t.notDaily }];
}
