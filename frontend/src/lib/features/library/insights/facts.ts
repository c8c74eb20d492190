import type { ReasonFact } from '#lib/api/types.ts';
import { absolute } from '#lib/format/dates.ts';
import { count } from '#lib/format/numbers.ts';
import { humanize } from '#lib/format/names.ts';
import { bytes } from '#lib/format/sizes.ts';
import { languageWords } from './languages.ts';
import { t } from './messages.ts';

const SIZES = /(^|_)(size|bytes|largest|limit|sum)$/;
const DAYS = /_days$/;
const LANGUAGES = /(^|_)(audio|subtitles|languages?)$/;
const MOMENT = /^\d{4}-\d\d-\d\dT/;

const numberWords = (name: string, value: number): string => {
  if (SIZES.test(name)) return bytes(value);
  return DAYS.test(name) ? t.daysValue(value) : count(value);
};

function textWords(name: string, value: string): string {
  if (LANGUAGES.test(name)) return value.split(/, ?/).map(languageWords).join(', ');
  return MOMENT.test(value) ? absolute(value) : value;
}

/** A fact's value as people write it; its name says what a number counts. */
export function factWords({ name, value }: Pick<ReasonFact, 'name' | 'value'>): string {
  if (value === null) return name === 'last_activity' ? t.noActivity : t.unknown;
  if (typeof value === 'boolean') return value ? t.yes : t.no;
  return typeof value === 'string' ? textWords(name, value) : numberWords(name, value);
}

const names: Partial<Record<string, string>> = {
  min_age_days: t.factMinAge,
  unwatched_after_days: t.factUnwatchedAfter,
  recent_days: t.factRecentDays,
  unknown_sizes: t.factUnknownSizes
};

export const factName = (name: string): string =>
  names[name] ?? humanize(name.replace(/_(days|bytes|at)$/, ''));
