import type { ApiError } from '#lib/api/errors.ts';
import type { SignInProblem } from './plex_sign_in.svelte.ts';

/** What went wrong, and what the guest can do next. */
export interface Problem {
  title: string;
  next: string;
  /** The same thing may work when tried again. */
  retry: boolean;
  /** The code itself may be mistyped. */
  recode?: boolean;
}

const askAgain = 'Ask whoever invited you for a new link.';

const known: Record<string, Problem> = {
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
  },
  redemption_running: {
    title: 'This Plex account is joining already',
    next: 'Perhaps in another tab. Wait a moment, then try again.',
    retry: true
  }
};

/** Why the page, or the form, cannot go on. */
export function problemOf(error: ApiError): Problem {
  const one = known[error.code];
  if (one) return one;
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

const signIns = {
  expired: 'That took too long: the sign-in has expired. Sign in once more.',
  lost: 'That sign-in is not known here. It was begun in another browser, or used already. Sign in once more.',
  blocked:
    'This browser keeps no cookies, and without them Plex cannot tell us who you are. Open the link in another browser.'
};

/** Why nobody is signed in with Plex, in one remark. */
export function signInProblem(problem: SignInProblem): string {
  if (typeof problem === 'string') return signIns[problem];
  if (problem.status === 502 || problem.status === 504) {
    return 'Plex does not answer just now. Try again in a minute; your invitation waits.';
  }
  const { title, next } = problemOf(problem);
  return `${title}. ${next}`;
}
