import { catalogue } from '../messages/catalogue.ts';

/** What is wrong with a field, by its `code` in the API. Codes that need details stay out. */
export const t = catalogue('field_errors', {
  required: 'This is needed.',
  too_short: 'This is too short.',
  too_long: 'This is too long.',
  too_small: 'This is too small.',
  too_large: 'This is too large.',
  not_a_choice: 'Choose one of the options.',
  outer_space: 'No space at the start or the end.',
  password_blank: 'Not only spaces.',
  in_the_past: 'This moment has already passed.'
});
