import type { JoinPage } from '#lib/api/types.ts';
import type { Check } from '#lib/state/form.svelte.ts';
import { t } from './messages.ts';

const NAME = /^[\p{L}\p{M}\p{N}_ .@'+-]+$/u;

function nameProblem(name: string): string | false {
  if (!name) return t.usernameMissing;
  if (name.length > 64) return t.usernameTooLong;
  if (/^\.+$/.test(name)) return t.usernameOnlyDots;
  return !NAME.test(name) && t.usernameCharacters;
}

function passwordProblem(password: string): string | false {
  if (password.length < 8) return t.passwordTooShort;
  return password.length > 128 && t.passwordTooLong;
}

const emailProblem = (email: string): string | false =>
  !/^[^@\s]+@[^@\s]+$/.test(email) && t.emailInvalid;

const pinProblem = (pin: string): string | false => !/^([0-9]{4})?$/.test(pin) && t.pinInvalid;

type JoinServer = JoinPage['servers'][number];

/** Whether the guest gets into the server with Plex, not with a name and a password. */
export const viaPlex = ({ join_method }: JoinServer): boolean => join_method !== 'account';

/** What the form asks for; who signs in with Plex gives no e-mail address. */
export type Asked = Pick<JoinPage['needs'], 'username' | 'password' | 'email' | 'plex_home_pin'>;

export const askedOf = (needs: JoinPage['needs'], byMail: boolean): Asked => ({
  ...needs,
  email: needs.email || (needs.plex_sign_in && byMail)
});

/**
 * What is wrong with the answers that are asked for. By hand, without the library that the
 * other forms use: this page is to be light.
 */
export const guestCheck =
  (asked: Asked): Check =>
  (values) => {
    const { username, password, email, plex_home_pin } = values as Record<keyof Asked, string>;
    const problems = {
      username: asked.username && nameProblem(username.trim()),
      password: asked.password && passwordProblem(password),
      email: asked.email && emailProblem(email.trim()),
      plex_home_pin: asked.plex_home_pin && pinProblem(plex_home_pin)
    };
    return Object.fromEntries(
      Object.entries(problems).filter((entry): entry is [string, string] => Boolean(entry[1]))
    );
  };
