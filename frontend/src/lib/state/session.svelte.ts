import { client, unwrap, useCsrfToken } from '../api/client.ts';
import { ApiError } from '../api/errors.ts';
import type { SessionView } from '../api/types.ts';
import { queries } from './queries.ts';

/** Who is signed in, if anyone. */
class Session {
  current = $state.raw<SessionView | null>(null);

  /** A viewer looks and changes nothing: what the server would refuse is not offered. */
  get mayChange(): boolean {
    return this.current !== null && this.current.account.role !== 'viewer';
  }

  /** Asks the server; null when nobody is signed in. */
  async load(): Promise<SessionView | null> {
    try {
      this.begin(await unwrap(client.GET('/api/v1/session')));
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 401) throw error;
      this.end();
    }
    return this.current;
  }

  begin(session: SessionView): void {
    this.current = session;
    useCsrfToken(session.csrf_token);
  }

  end(): void {
    this.current = null;
    useCsrfToken(null);
    queries.clear();
  }
}

export const session = new Session();
