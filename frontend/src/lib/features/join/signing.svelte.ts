import { ApiError } from '#lib/api/errors.ts';
import type { PlexSignIn } from '#lib/api/types.ts';
import { askSignIn, beginSignIn } from './calls.ts';
import { signIns, type Going } from './memory.ts';
import { due } from './pace.ts';

const PAUSE = 2000;
const LONGEST_PAUSE = 15_000;
/** So long after its end nobody waits for a sign-in any more. */
const STALE = 60 * 60 * 1000;

/** Why nobody is signed in: too late, begun elsewhere, no cookies, or no answer. */
export type SignInTrouble = 'expired' | 'lost' | 'blocked' | ApiError;

/** A guest's sign-in with Plex: begun here, done on Plex's page, taken up on the way back. */
export class Signing {
  /** A sign-in that was begun and may still be done. */
  going = $state.raw<Going | null>(null);
  who = $state.raw<PlexSignIn | null>(null);
  trouble = $state.raw<SignInTrouble | null>(null);
  /** True until it is known what became of the sign-in. */
  busy = $state(false);
  /** The browser keeps nothing: this page has to wait while Plex is open in another tab. */
  keepsNothing = $state(false);

  #turn = 0;

  constructor(readonly code: string) {}

  get pinId(): string | null {
    return this.who && this.going ? this.going.pin_id : null;
  }

  /** Takes up what was begun before, here or in another tab. */
  async open(): Promise<void> {
    const going = signIns.recall(this.code);
    if (!going || this.#turn) return;
    if (isOver(going, STALE)) return this.forget();
    this.going = going;
    this.busy = true;
    await this.#follow(0);
  }

  leave(): void {
    this.#turn = -1;
  }

  /** On to Plex's page; a sign-in that waits there is gone on with. */
  async begin(typed: Going['typed']): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.trouble = null;
    try {
      this.going = { ...(this.going ?? (await beginSignIn(this.code))), typed };
    } catch (error) {
      this.trouble = ApiError.of(error);
      this.busy = false;
      return;
    }
    this.keepsNothing = !signIns.remember(this.code, this.going);
    if (!this.keepsNothing) location.assign(this.going.auth_url);
    void this.#follow(PAUSE);
  }

  /** Nobody is signed in (any more). */
  forget(trouble: SignInTrouble | null = null): void {
    this.#turn += 1;
    signIns.forget(this.code);
    this.going = null;
    this.who = null;
    this.busy = false;
    this.trouble = trouble;
  }

  async #follow(pause: number): Promise<void> {
    const turn = (this.#turn += 1);
    for (let wait = pause; this.going && !this.who; wait = longer(wait)) {
      await due(wait);
      if (turn !== this.#turn) return;
      this.going = signIns.recall(this.code) ?? this.going;
      await this.#ask(this.going, turn);
      if (turn === this.#turn) this.busy = false;
    }
  }

  async #ask(going: Going, turn: number): Promise<void> {
    try {
      const answer = await askSignIn(going.pin_id);
      if (turn !== this.#turn) return;
      this.trouble = null;
      if (answer.authenticated) this.who = answer;
      else if (answer.error) this.forget('expired');
    } catch (error) {
      const trouble = ApiError.of(error);
      if (turn !== this.#turn) return;
      if (trouble.status === 404) this.forget(this.#whyUnknown(going));
      else this.trouble = trouble;
    }
  }

  #whyUnknown(going: Going): SignInTrouble {
    if (this.keepsNothing) return 'blocked';
    return isOver(going) ? 'expired' : 'lost';
  }
}

const isOver = ({ expires_at }: Going, since = 0): boolean =>
  Date.parse(expires_at) + since < Date.now();

const longer = (pause: number): number => Math.min(LONGEST_PAUSE, Math.max(PAUSE, pause * 1.3));
