import { ApiError } from '#lib/api/errors.ts';
import type { PlexSignIn } from '#lib/api/types.ts';
import { askSignIn, beginSignIn } from './calls.ts';
import { signIns, type PendingSignIn } from './storage.ts';
import { untilDue } from './polling.ts';

const PAUSE = 2000;
const LONGEST_PAUSE = 15_000;
/** So long after it expired, a sign-in is forgotten. */
const STALE = 60 * 60 * 1000;

/** Why nobody is signed in: expired, started elsewhere, no cookies, or a failed request. */
export type SignInProblem = 'expired' | 'lost' | 'blocked' | ApiError;

/** A guest's sign-in with Plex: started here, finished on Plex's page, continued on return. */
export class GuestSignIn {
  /** A sign-in that was started and may still be finished. */
  pending = $state.raw<PendingSignIn | null>(null);
  who = $state.raw<PlexSignIn | null>(null);
  problem = $state.raw<SignInProblem | null>(null);
  /** True until the result of the sign-in is known. */
  busy = $state(false);
  /** Storage is blocked: this page has to stay open while Plex is open in another tab. */
  keepsNothing = $state(false);

  #turn = 0;

  constructor(readonly code: string) {}

  get pinId(): string | null {
    return this.who && this.pending ? this.pending.pin_id : null;
  }

  /** Continues a sign-in that was started before, here or in another tab. */
  async open(): Promise<void> {
    const pending = signIns.read(this.code);
    if (!pending || this.#turn) return;
    if (isOver(pending, STALE)) return this.forget();
    this.pending = pending;
    this.busy = true;
    await this.#follow(0);
  }

  leave(): void {
    this.#turn = -1;
  }

  /** Opens Plex's page; a sign-in that is open there is continued. */
  async begin(typed: PendingSignIn['typed']): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.problem = null;
    try {
      this.pending = { ...(this.pending ?? (await beginSignIn(this.code))), typed };
    } catch (error) {
      this.problem = ApiError.of(error);
      this.busy = false;
      return;
    }
    this.keepsNothing = !signIns.write(this.code, this.pending);
    if (!this.keepsNothing) location.assign(this.pending.auth_url);
    void this.#follow(PAUSE);
  }

  /** Forgets the sign-in. */
  forget(problem: SignInProblem | null = null): void {
    this.#turn += 1;
    signIns.remove(this.code);
    this.pending = null;
    this.who = null;
    this.busy = false;
    this.problem = problem;
  }

  async #follow(pause: number): Promise<void> {
    const turn = (this.#turn += 1);
    for (let wait = pause; this.pending && !this.who; wait = longer(wait)) {
      await untilDue(wait);
      if (turn !== this.#turn) return;
      this.pending = signIns.read(this.code) ?? this.pending;
      await this.#ask(this.pending, turn);
      if (turn === this.#turn) this.busy = false;
    }
  }

  async #ask(pending: PendingSignIn, turn: number): Promise<void> {
    try {
      const answer = await askSignIn(pending.pin_id);
      if (turn !== this.#turn) return;
      this.problem = null;
      if (answer.authenticated) this.who = answer;
      else if (answer.error) this.forget('expired');
    } catch (error) {
      const problem = ApiError.of(error);
      if (turn !== this.#turn) return;
      if (problem.status === 404) this.forget(this.#whyUnknown(pending));
      else this.problem = problem;
    }
  }

  #whyUnknown(pending: PendingSignIn): SignInProblem {
    if (this.keepsNothing) return 'blocked';
    return isOver(pending) ? 'expired' : 'lost';
  }
}

const isOver = ({ expires_at }: PendingSignIn, since = 0): boolean =>
  Date.parse(expires_at) + since < Date.now();

const longer = (pause: number): number => Math.min(LONGEST_PAUSE, Math.max(PAUSE, pause * 1.3));
