import { expect, test } from 'vitest';
import { guestCheck } from './rules.ts';

const both = guestCheck({ username: true, password: true, email: false, plex_sign_in: false });
const check = (username: string, password = 'long enough') =>
  both({ username, password, email: '' });

test.each(['ann', 'Ann Lee', 'o’'.replace('’', "'"), 'Žofie', '李', 'a.b@c+d-e_f', 'x'.repeat(64)])(
  'a guest may be called %s',
  (name) => expect(check(name)).toEqual({})
);

test.each(['', '   ', '...', 'x'.repeat(65), 'a/b', 'a\nb', '<b>'])(
  'a guest may not be called %j',
  (name) => expect(check(name)).toHaveProperty('username')
);

test('a password has 8 to 128 characters', () => {
  expect(check('ann', '1234567')).toHaveProperty('password');
  expect(check('ann', '12345678')).toEqual({});
  expect(check('ann', 'x'.repeat(129))).toHaveProperty('password');
});

test('what is not asked for is not looked at', () => {
  const none = guestCheck({ username: false, password: false, email: false, plex_sign_in: true });
  expect(none({ username: '', password: '', email: '' })).toEqual({});
});
