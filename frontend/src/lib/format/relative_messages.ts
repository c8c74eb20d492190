import { catalogue } from '../messages/catalogue.ts';

export const t = catalogue('relative', {
  inAMoment: 'in a moment',
  justNow: 'just now'
});
