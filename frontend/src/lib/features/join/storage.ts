import type { JoinAccepted, PlexPin } from '#lib/api/types.ts';

/** How the guest is known to Plex: signed in, invited by mail, or a user of the Plex Home. */
export type PlexMethod = 'signed' | 'mail' | 'home';

/** What is stored so that a guest can close the page and come back. Never the password. */
export interface Begun extends JoinAccepted {
  username: string | null;
  email?: string | null;
  plex?: PlexMethod | null;
  /** The ids of the servers that are Plex. */
  plexServers?: string[];
}

/** A sign-in with Plex that was started, and what was typed before. Never a secret. */
export interface PendingSignIn extends PlexPin {
  typed: { username: string; email: string };
}

/** A value of this browser for each invitation. Storage may be blocked: then there is none. */
class BrowserStorage<T> {
  constructor(private readonly prefix: string) {}

  read(code: string): T | null {
    try {
      const kept = localStorage.getItem(this.#keyOf(code));
      return kept ? (JSON.parse(kept) as T) : null;
    } catch {
      return null;
    }
  }

  /** False where storage is blocked. */
  write(code: string, value: T): boolean {
    try {
      localStorage.setItem(this.#keyOf(code), JSON.stringify(value));
      return true;
    } catch {
      return false;
    }
  }

  remove(code: string): void {
    try {
      localStorage.removeItem(this.#keyOf(code));
    } catch {
      // Storage is blocked, so there is nothing to remove.
    }
  }

  #keyOf(code: string): string {
    return `${this.prefix}:${code.toUpperCase()}`;
  }
}

export const redemptions = new BrowserStorage<Begun>('zondarr-join');
export const signIns = new BrowserStorage<PendingSignIn>('zondarr-plex');
