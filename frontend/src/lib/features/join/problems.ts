import type { ApiError } from '#lib/api/errors.ts';
import type { SignInProblem } from './plex_sign_in.svelte.ts';
import { t } from './messages.ts';

/** What went wrong, and what the guest can do next. */
export interface Problem {
  title: string;
  next: string;
  /** The same thing may work when tried again. */
  retry: boolean;
  /** The code itself may be mistyped. */
  recode?: boolean;
}

const askAgain = t.askForLink;

const known: Record<string, Problem> = {
  invitation_not_found: {
    title: t.unknownTitle,
    next: t.unknownHint,
    retry: false,
    recode: true
  },
  invitation_expired: { title: t.expiredTitle, next: askAgain, retry: false },
  invitation_exhausted: {
    title: t.usedUpTitle,
    next: t.usedUpHint,
    retry: false
  },
  invitation_disabled: { title: t.disabledTitle, next: askAgain, retry: false },
  nothing_to_give: {
    title: t.nothingTitle,
    next: t.nothingHint,
    retry: true
  },
  redemption_running: {
    title: t.alreadyJoiningTitle,
    next: t.alreadyJoiningHint,
    retry: true
  }
};

/** Why the page, or the form, cannot go on. */
export function problemOf(error: ApiError): Problem {
  const one = known[error.code];
  if (one) return one;
  if (error.status === 0) {
    return {
      title: t.offlineTitle,
      next: t.checkConnection,
      retry: true
    };
  }
  if (error.status === 429) {
    return {
      title: t.rateLimitedTitle,
      next: t.rateLimitedHint({ time: waitOf(error) }),
      retry: true
    };
  }
  return {
    title: t.failedTitle,
    next: t.failedHint,
    retry: true
  };
}

const waitOf = ({ retryAfter }: ApiError): string =>
  retryAfter === null || retryAfter > 90 ? t.fewMinutes : t.seconds(Math.ceil(retryAfter));

const signIns = {
  expired: t.signInExpired,
  lost: t.signInUnknown,
  blocked: t.cookiesBlocked
};

/** Why nobody is signed in with Plex, in one sentence. */
export function signInProblem(problem: SignInProblem): string {
  if (typeof problem === 'string') return signIns[problem];
  if (problem.status === 502 || problem.status === 504) {
    return t.plexUnavailable;
  }
  const { title, next } = problemOf(problem);
  return `${title}. ${next}`;
}
