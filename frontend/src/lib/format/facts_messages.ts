import { catalogue, plural, text } from '../messages/catalogue.ts';

export const t = catalogue('facts', {
  factsTitle: 'Facts',
  source: text('from {source}'),
  asOf: text('as of {when}'),
  yes: 'yes',
  no: 'no',
  unknown: 'unknown',
  noActivity: 'none',
  minAge: 'Old enough after',
  unwatchedAfter: 'Unwatched after',
  recentDays: 'Recent for',
  unknownSizes: 'Files of unknown size',
  days: plural({ one: '{count} day', other: '{count} days' }),
  originalLanguage: 'The original language'
});
