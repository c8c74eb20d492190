import type { PlexConnection, PlexPin, PlexSignIn } from '#lib/api/types.ts';
import { ApiError } from '#lib/api/errors.ts';
import { errorMessage } from '#lib/format/errors.ts';
import { t } from './messages.ts';

const KEY = 'zondarr-plex-link';

/** A sign-in with Plex that was started; only the browser that started it can use it. */
export type PendingSignIn = Pick<PlexPin, 'pin_id' | 'auth_url' | 'expires_at'>;

/** The sign-in that was started here or in another tab, unless it has expired. */
export function recall(now = Date.now()): PendingSignIn | null {
  try {
    const kept = localStorage.getItem(KEY);
    const pending = kept ? (JSON.parse(kept) as PendingSignIn) : null;
    return pending && Date.parse(pending.expires_at) > now ? pending : null;
  } catch {
    return null;
  }
}

/** False where storage is blocked. */
export function remember({ pin_id, auth_url, expires_at }: PendingSignIn): boolean {
  try {
    localStorage.setItem(KEY, JSON.stringify({ pin_id, auth_url, expires_at }));
    return true;
  } catch {
    return false;
  }
}

export function forget(): void {
  try {
    localStorage.removeItem(KEY);
  } catch {
    // Nothing is kept, so there is nothing to forget.
  }
}

/** Whether somebody is signed in; an account without an address serves as well here. */
export const isSignedIn = ({ authenticated, error }: PlexSignIn): boolean =>
  authenticated || error === 'email_missing';

/** Whether asking again can give another answer. */
export const isOpen = (answer: PlexSignIn | undefined, error: ApiError | null): boolean =>
  error?.status !== 404 && !(answer && (isSignedIn(answer) || answer.error));

/** Milliseconds until the next question: often at first, then less and less. */
export const pauseAfter = (questions: number): number => Math.min(15_000, 1500 + questions * 250);

/** Why nobody is signed in, and what to do; null while the sign-in is open. */
export function signInProblem(
  answer: PlexSignIn | undefined,
  error: ApiError | null
): string | null {
  if (error?.status === 404) {
    return t.signInGone;
  }
  if (error && error.status >= 500) {
    return t.plexUnavailable;
  }
  if (error) return errorMessage(error);
  return answer?.error === 'expired' ? t.signInTimedOut : null;
}

/** True where only a new sign-in helps. */
export const needsSignIn = (error: ApiError): boolean =>
  error.status === 404 || error.code === 'plex_sign_in_needed';

interface Address {
  value: string;
  label: string;
  hint: string;
}

const rank = ({ local, relay }: PlexConnection): number => (relay ? 2 : local ? 0 : 1);
const kinds = [t.localAddress, t.publicAddress, t.relayAddress];

/** The addresses of a server in plain words, the one that is most likely right first. */
export const addressesOf = (connections: PlexConnection[]): Address[] =>
  connections
    .toSorted((one, other) => rank(one) - rank(other))
    .map((connection) => ({
      value: connection.url,
      label: kinds[rank(connection)] ?? '',
      hint: connection.url
    }));
