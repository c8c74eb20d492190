import { expect, test } from 'vitest';
import { askedOf, guestCheck } from './rules.ts';

const nothing = {
  username: false,
  password: false,
  email: false,
  plex_sign_in: false,
  plex_home_pin: false
};
const blank = { username: '', password: '', email: '', plex_home_pin: '', plex_pin_id: '' };
const both = guestCheck({ ...nothing, username: true, password: true });
const check = (username: string, password = 'long enough') =>
  both({ ...blank, username, password });

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
  expect(guestCheck(askedOf({ ...nothing, plex_sign_in: true }, false))(blank)).toEqual({});
});

test('who does not sign in with Plex gives an address', () => {
  const byMail = guestCheck(askedOf({ ...nothing, plex_sign_in: true }, true));
  expect(byMail(blank)).toHaveProperty('email');
  expect(byMail({ ...blank, email: ' ada@example.org ' })).toEqual({});
});

test.each(['', '0000', '2468'])('a PIN at Plex may be %j', (plex_home_pin) => {
  const home = guestCheck({ ...nothing, plex_home_pin: true });
  expect(home({ ...blank, plex_home_pin })).toEqual({});
});

test.each(['1', '123', '12345', '12a4', '１２３４', ' 123'])(
  'a PIN at Plex may not be %j',
  (plex_home_pin) => {
    const home = guestCheck({ ...nothing, plex_home_pin: true });
    expect(home({ ...blank, plex_home_pin })).toHaveProperty('plex_home_pin');
  }
);
