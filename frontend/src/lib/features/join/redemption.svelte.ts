import { ApiError } from '#lib/api/errors.ts';
import type { JoinPage, JoinProgress } from '#lib/api/types.ts';
import { getInvitation, progressOf, redeem, type Answers } from './calls.ts';
import { redemptions, type Begun, type PlexMethod } from './storage.ts';
import { untilDue } from './polling.ts';
import { mayChange } from './labels.ts';
import { viaPlex } from './rules.ts';

const POLL = 1000;
const POLL_OFFLINE = 3000;
const POLL_LATER = 20_000;

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** One guest's use of one invitation; the page can be closed and opened again. */
export class Redemption {
  page = $state.raw<JoinPage | null>(null);
  /** Why the invitation cannot be shown. */
  unavailable = $state.raw<ApiError | null>(null);
  begun = $state.raw<Begun | null>(null);
  progress = $state.raw<JoinProgress | null>(null);
  /** The progress cannot be loaded at the moment; the work goes on. */
  offline = $state(false);

  #key = { body: '', value: '' };
  #left = false;

  constructor(readonly code: string) {
    this.begun = redemptions.read(code);
  }

  async open(): Promise<void> {
    if (this.begun) await this.#follow(this.begun);
    if (!this.begun && !this.#left) await this.load();
  }

  leave(): void {
    this.#left = true;
  }

  async load(): Promise<void> {
    try {
      this.page = await getInvitation(this.code);
      this.unavailable = null;
    } catch (error) {
      this.unavailable = ApiError.of(error);
    }
  }

  /** Throws `ApiError` when the answers, or the invitation, are refused. */
  async submit(answers: Answers, email: string | null): Promise<void> {
    const accepted = await redeem(this.code, answers, this.#keyFor(answers));
    const servers = this.page?.servers ?? [];
    this.begun = {
      ...accepted,
      username: answers.username ?? null,
      email,
      plex: wayOf(answers, this.page),
      plexServers: servers.filter(viaPlex).map(({ id }) => id)
    };
    redemptions.write(this.code, this.begun);
    void this.#follow(this.begun);
  }

  /** Forgets the last try, so that the form is shown again. */
  async restart(): Promise<void> {
    if (this.begun) this.#forget(this.begun);
    this.#key = { body: '', value: '' };
    await this.load();
  }

  /** Until it has ended; after that, less often, while the result can still improve. */
  async #follow(begun: Begun): Promise<void> {
    while (!this.#left && (await this.#ask(begun))) {
      if (!this.progress || this.progress.status === 'running') {
        await pause(this.offline ? POLL_OFFLINE : POLL);
      } else if (mayChange(this.progress)) await untilDue(POLL_LATER);
      else return;
    }
  }

  /** False when there is nothing to load any more; a failed request may work later. */
  async #ask(begun: Begun): Promise<boolean> {
    if (this.begun !== begun) return false;
    try {
      const progress = await progressOf(begun);
      if (this.begun === begun) this.progress = progress;
      this.offline = false;
    } catch (error) {
      const { status } = ApiError.of(error);
      this.offline = status !== 401 && status !== 404;
      if (!this.offline) this.#forget(begun);
    }
    return this.begun === begun;
  }

  #forget(begun: Begun): void {
    if (this.begun !== begun) return;
    redemptions.remove(this.code);
    this.begun = null;
    this.progress = null;
  }

  /** The same answers keep their key, so that sending them twice is once. */
  #keyFor(answers: Answers): string {
    const body = JSON.stringify(answers);
    if (this.#key.body !== body) this.#key = { body, value: newKey() };
    return this.#key.value;
  }
}

function wayOf({ plex_pin_id, email }: Answers, page: JoinPage | null): PlexMethod | null {
  if (plex_pin_id) return 'signed';
  if (page?.needs.plex_home_pin) return 'home';
  return page?.needs.plex_sign_in && email ? 'mail' : null;
}

/** `crypto.randomUUID` is missing where a page is served without https. */
function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
