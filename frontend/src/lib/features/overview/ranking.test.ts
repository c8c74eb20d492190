import { expect, test } from 'vitest';
import { ranked } from './ranking.ts';

const all = [
  { label: 'Servers', hint: 'Page' },
  { label: 'Add a server', hint: 'Command' },
  { label: 'Ann Server', hint: 'ann@example.org' },
  { label: 'Ben', hint: 'server-fan@example.org' },
  { label: 'José', hint: 'Person' },
  { label: 'Jobs', hint: 'Page' }
];
const labels = (query: string) => ranked(all, query).map(({ label }) => label);

test('the beginning of a name comes first, then its words, then what stands beside it', () => {
  expect(labels('serv')).toEqual(['Servers', 'Add a server', 'Ann Server', 'Ben']);
});

test('accents and capitals are not needed, and what does not fit is left out', () => {
  expect(labels('JOSE')).toEqual(['José']);
  expect(labels('zzz')).toEqual([]);
});
