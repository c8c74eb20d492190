const dayAndTime = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

/** "21 Nov 2026, 14:05", in the reader's language and time zone. */
export const absolute = (iso: string): string => dayAndTime.format(new Date(iso));
