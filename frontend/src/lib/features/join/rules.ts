import type { JoinPage } from '#lib/api/types.ts';
import type { Check } from '#lib/state/form.svelte.ts';

const NAME = /^[\p{L}\p{M}\p{N}_ .@'+-]+$/u;

function nameProblem(name: string): string | false {
  if (!name) return 'Choose a name.';
  if (name.length > 64) return 'At most 64 characters.';
  if (/^\.+$/.test(name)) return 'Not only dots.';
  return !NAME.test(name) && "Letters, digits, spaces and _ . @ ' + - only.";
}

function passwordProblem(password: string): string | false {
  if (password.length < 8) return 'At least 8 characters.';
  return password.length > 128 && 'At most 128 characters.';
}

const emailProblem = (email: string): string | false =>
  !/^[^@\s]+@[^@\s]+$/.test(email) && 'Write an e-mail address, like name@example.org.';

const pinProblem = (pin: string): string | false =>
  !/^([0-9]{4})?$/.test(pin) && 'Four digits, or nothing.';

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
