const number = new Intl.NumberFormat();
const listed = new Intl.ListFormat('en-GB', { type: 'conjunction' });

export const count = (value: number): string => number.format(value);

/** "1 person", "4 people": the noun in the number it needs. */
export const plural = (value: number, one: string, many = `${one}s`): string =>
  `${count(value)} ${value === 1 ? one : many}`;

/** "Films, Series and Music". */
export const list = (items: string[]): string => listed.format(items);

/** "1 day", "3 weeks", "6 months", "1 year": the roundest words for so many days. */
export function days(value: number): string {
  if (value % 365 === 0) return plural(value / 365, 'year');
  if (value % 30 === 0) return plural(value / 30, 'month');
  if (value % 7 === 0) return plural(value / 7, 'week');
  return plural(value, 'day');
}

/** "0.4 s", "12 s", "3 min 5 s", "1 h 12 min". */
export function duration(seconds: number): string {
  if (seconds < 0.1) return 'under 0.1 s';
  if (seconds < 10) return `${Math.round(seconds * 10) / 10} s`;
  if (seconds < 60) return `${Math.round(seconds)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${Math.round(seconds % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** "unwatched_titles" and "sync-libraries" as a person would write them. */
export function humanize(name: string): string {
  const text = name.replaceAll(/[_.-]+/g, ' ').trim();
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** A remark as a sentence: "is needed" becomes "Is needed." */
export function sentence(text: string): string {
  const trimmed = text.trim();
  const first = trimmed.charAt(0).toUpperCase() + trimmed.slice(1);
  return /[.!?…]$/.test(first) ? first : `${first}.`;
}

const libraryKinds: Record<string, string> = {
  movies: 'Films',
  movie: 'Films',
  tvshows: 'Series',
  show: 'Series',
  homevideos: 'Home videos',
  musicvideos: 'Music videos',
  boxsets: 'Collections',
  livetv: 'Live television'
};

/** What is in a library, from the word its server has for it. */
export const libraryKind = (type: string): string => libraryKinds[type] ?? humanize(type);
