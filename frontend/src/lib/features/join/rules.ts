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

/**
 * What is wrong with the answers that are asked for. By hand, without the library that the
 * other forms use: this page is to be light.
 */
export const guestCheck =
  (needs: JoinPage['needs']): Check =>
  (values) => {
    const { username, password, email } = values as Record<
      'username' | 'password' | 'email',
      string
    >;
    const problems = {
      username: needs.username && nameProblem(username.trim()),
      password: needs.password && passwordProblem(password),
      email: needs.email && emailProblem(email.trim())
    };
    return Object.fromEntries(
      Object.entries(problems).filter((entry): entry is [string, string] => Boolean(entry[1]))
    );
  };
