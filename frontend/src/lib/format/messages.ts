import { catalogue, plural } from '../messages/catalogue.ts';

export const t = catalogue('format', {
  years: plural({ one: '{count} year', other: '{count} years' }),
  months: plural({ one: '{count} month', other: '{count} months' }),
  weeks: plural({ one: '{count} week', other: '{count} weeks' }),
  days: plural({ one: '{count} day', other: '{count} days' })
});
