import { catalogue, plural } from '../messages/catalogue.ts';

export const t = catalogue('until', {
  until: 'Until',
  forGood: 'Until somebody ends it',
  inDays: plural({ one: 'For {count} day', other: 'For {count} days' }),
  inYear: 'For a year',
  toDate: 'Until a day…',
  lastDay: 'Last day'
});
