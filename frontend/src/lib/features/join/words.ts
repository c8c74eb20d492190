import type { ApiError } from '#lib/api/errors.ts';
import type { JoinProgress, JoinServerProgress } from '#lib/api/types.ts';
import { list } from '#lib/format/words.ts';

/** What went wrong, and what the guest can do next. */
export interface Trouble {
  title: string;
  next: string;
  /** The same thing may work when tried again. */
  retry: boolean;
  /** The code itself may be mistyped. */
  recode?: boolean;
}

const askAgain = 'Ask whoever invited you for a new link.';

const closed: Record<string, Trouble> = {
  invitation_not_found: {
    title: 'This invitation is not known',
    next: 'A letter may be missing. Type the code once more, or ask whoever invited you.',
    retry: false,
    recode: true
  },
  invitation_expired: { title: 'This invitation has expired', next: askAgain, retry: false },
  invitation_exhausted: {
    title: 'This invitation is used up',
    next: `Everyone it was meant for has joined. ${askAgain}`,
    retry: false
  },
  invitation_disabled: { title: 'This invitation is switched off', next: askAgain, retry: false },
  nothing_to_give: {
    title: 'There is nothing to join just now',
    next: 'What this invitation leads to is switched off. Try again later, or ask whoever invited you.',
    retry: true
  }
};

/** Why the page, or the form, cannot go on. */
export function troubleOf(error: ApiError): Trouble {
  const known = closed[error.code];
  if (known) return known;
  if (error.status === 0) {
    return {
      title: 'No connection',
      next: 'Check your internet connection, then try again.',
      retry: true
    };
  }
  if (error.status === 429) {
    return { title: 'Too many tries', next: `Wait ${waitOf(error)}, then try again.`, retry: true };
  }
  return {
    title: 'This did not work',
    next: 'It is not your fault. Try again in a moment; if it stays, tell whoever invited you.',
    retry: true
  };
}

const waitOf = ({ retryAfter }: ApiError): string =>
  retryAfter === null || retryAfter > 90 ? 'a few minutes' : `${Math.ceil(retryAfter)} seconds`;

/** Why it failed on a server, told to a guest: never an address, never a log line. */
const reasons: Record<string, string> = {
  username_taken: 'that name is taken',
  taken: 'that name is taken',
  user_already_exists: 'that name is taken',
  invalid: 'it does not accept this name or password',
  invalid_username: 'it does not accept this name',
  starting: 'it was just starting up',
  busy: 'it had too much to do',
  unreachable: 'it did not answer',
  server_timeout: 'it did not answer in time'
};

const because = (code: string | null): string => (code && reasons[code]) ?? 'it did not go through';

const steps: Record<JoinServerProgress['status'], string> = {
  waiting: 'Waiting for its turn',
  working: 'Making your account…',
  done: 'Ready',
  pending: 'Look for the invitation in your mail',
  failed: '',
  undone: 'Taken back'
};

export function stepWords({ status, error_code }: JoinServerProgress): string {
  if (status === 'failed') return `Not made: ${because(error_code)}`;
  return steps[status];
}

const nameTaken = new Set(['username_taken', 'taken', 'user_already_exists', 'invalid_username']);

/** True when another name may be all it takes. */
export const wantsOtherName = (progress: JoinProgress): boolean =>
  progress.servers.some(({ error_code }) => error_code !== null && nameTaken.has(error_code));

export interface Ending {
  title: string;
  text: string;
}

/** How it ended, in one sentence. */
export function endingOf(progress: JoinProgress, username: string | null): Ending {
  const signIn = username ? `Sign in as “${username}”, with the password you chose.` : '';
  if (progress.status === 'succeeded') return { title: 'You’re in', text: signIn };
  const failed = progress.servers.filter(({ status }) => status === 'failed');
  const names = list(failed.map(({ name }) => name));
  if (progress.status === 'partial') {
    return {
      title: 'You’re in, almost',
      text: `${signIn} ${names} did not work this time; whoever invited you can see that.`.trim()
    };
  }
  const why = failed[0] ? `On ${names}: ${because(failed[0].error_code)}.` : '';
  return {
    title: 'That did not work',
    text: `${why} Nothing was left behind, and your invitation is not used.`.trim()
  };
}
