import { catalogue, plural, text } from '#lib/messages/catalogue.ts';

export const t = catalogue('library_space', {
  growth: 'Growth',
  range: 'How far back',
  days: plural({ one: '{count} day', other: '{count} days' }),
  year: '1 year',
  chartLabel: text('Size of the library, from {from} to {to}. The table below says the same.'),
  now: text('{size} in {titles} titles'),
  addedUp: 'Libraries are added up: a title that lies in two of them counts in both.',
  table: 'As a table',
  day: 'Day',
  titles: 'Titles',
  size: 'Size',
  change: 'Change',
  more: text('+{amount}'),
  less: text('−{amount}'),
  noGrowth: 'There is one day to show so far. The chart grows with each sync.'
});
