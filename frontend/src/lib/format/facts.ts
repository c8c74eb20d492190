import { absolute } from './dates.ts';
import { count } from './numbers.ts';
import { humanize } from './names.ts';
import { bytes } from './sizes.ts';
import { languageWords } from './languages.ts';
import { t } from './facts_messages.ts';

const SIZES = /(^|_)(size|bytes|largest|limit|sum)$/;
const DAYS = /_days$/;
const LANGUAGES = /(^|_)(audio|subtitles|languages?)$/;
const MOMENT = /^\d{4}-\d\d-\d\dT/;
const DAY = /^\d{4}-\d\d-\d\d$/;
const CODE = /^[a-z]+(_[a-z]+)+$/;
const day = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeZone: 'UTC' });

const numberWords = (name: string, value: number): string => {
  if (SIZES.test(name)) return bytes(value);
  return DAYS.test(name) ? t.days(value) : count(value);
};

function textWords(name: string, value: string): string {
  if (LANGUAGES.test(name)) return value.split(/, ?/).map(languageWords).join(', ');
  if (DAY.test(value)) return day.format(new Date(value));
  if (CODE.test(value)) return value.replaceAll('_', ' ');
  return MOMENT.test(value) ? absolute(value) : value;
}

/** A fact behind a verdict, as the API tells it. */
export interface Fact {
  name: string;
  value: string | number | boolean | null;
  source: string | null;
  as_of: string | null;
}

/** A fact's value as people write it; its name says what a number counts. */
export function factWords({ name, value }: Pick<Fact, 'name' | 'value'>): string {
  if (value === null) return name === 'last_activity' ? t.noActivity : t.unknown;
  if (typeof value === 'boolean') return value ? t.yes : t.no;
  return typeof value === 'string' ? textWords(name, value) : numberWords(name, value);
}

const names: Partial<Record<string, string>> = {
  min_age_days: t.minAge,
  unwatched_after_days: t.unwatchedAfter,
  recent_days: t.recentDays,
  unknown_sizes: t.unknownSizes
};

export const factName = (name: string): string =>
  names[name] ?? humanize(name.replace(/_(days|bytes|at)$/, ''));
