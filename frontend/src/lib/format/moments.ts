const DAY = 86_400_000;

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
  new Date(now + days * DAY).toISOString();

export const isPast = (iso: string | null, now = Date.now()): boolean =>
  iso !== null && Date.parse(iso) <= now;

/** True when the moment is still to come, and at most so many days away. */
export function isWithinDays(iso: string | null, days: number, now = Date.now()): boolean {
  if (!iso) return false;
  const distance = Date.parse(iso) - now;
  return distance > 0 && distance <= days * DAY;
}

/** So many days after a moment, or after now where that is past. */
export const later = (iso: string | null, days: number, now = Date.now()): string =>
  new Date(Math.max(now, iso ? Date.parse(iso) : now) + days * DAY).toISOString();
