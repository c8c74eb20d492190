import { catalogue, text } from '../messages/catalogue.ts';

export const t = catalogue('lists', {
  filters: 'Filters',
  filtersActive: text('Filters ({count})'),
  keysTitle: 'Keys on this list',
  keyDown: 'Next row',
  keyUp: 'Row before',
  keySelect: 'Select the row, or not',
  keyOpen: 'Unfold the facts',
  keyHelp: 'Show these keys'
});
