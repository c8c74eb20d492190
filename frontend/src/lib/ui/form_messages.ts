import { catalogue } from '../messages/catalogue.ts';

export const t = catalogue('forms', {
  optional: '— optional',
  showPassword: 'Show the password',
  reference: 'Reference'
});
