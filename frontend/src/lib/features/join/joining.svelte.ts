import { ApiError } from '#lib/api/errors.ts';
import type { JoinPage, JoinProgress } from '#lib/api/types.ts';
import { look, progressOf, redeem, type Answers } from './calls.ts';
import { forget, recall, remember, type Begun } from './memory.ts';

const POLL = 1000;
const POLL_OFFLINE = 3000;

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** One guest's way through one invitation; it can be left and taken up again. */
export class Joining {
  page = $state.raw<JoinPage | null>(null);
  /** Why the invitation cannot be shown. */
  closed = $state.raw<ApiError | null>(null);
  begun = $state.raw<Begun | null>(null);
  progress = $state.raw<JoinProgress | null>(null);
  /** The progress cannot be asked for; it goes on all the same. */
  offline = $state(false);

  #key = { body: '', value: '' };
  #left = false;

  constructor(readonly code: string) {
    this.begun = recall(code);
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
      this.page = await look(this.code);
      this.closed = null;
    } catch (error) {
      this.closed = failure(error);
    }
  }

  /** Throws `ApiError` when the answers, or the invitation, are refused. */
  async submit(answers: Answers): Promise<void> {
    const accepted = await redeem(this.code, answers, this.#keyFor(answers));
    this.begun = { ...accepted, username: answers.username ?? null };
    remember(this.code, this.begun);
    void this.#follow(this.begun);
  }

  /** From the end of one try to the beginning of the next. */
  async restart(): Promise<void> {
    forget(this.code);
    this.begun = null;
    this.progress = null;
    this.#key = { body: '', value: '' };
    await this.load();
  }

  async #follow(begun: Begun): Promise<void> {
    while (!this.#left) {
      try {
        this.progress = await progressOf(begun);
        this.offline = false;
      } catch (error) {
        if (!this.#mayPass(failure(error))) return;
      }
      if (this.progress && this.progress.status !== 'running') return;
      await pause(this.offline ? POLL_OFFLINE : POLL);
    }
  }

  /** A redemption that is not known any more is forgotten; any other failure may pass. */
  #mayPass(error: ApiError): boolean {
    this.offline = true;
    if (error.status !== 401 && error.status !== 404) return true;
    forget(this.code);
    this.begun = null;
    this.offline = false;
    return false;
  }

  /** The same answers keep their key, so that sending them twice is once. */
  #keyFor(answers: Answers): string {
    const body = JSON.stringify(answers);
    if (this.#key.body !== body) this.#key = { body, value: newKey() };
    return this.#key.value;
  }
}

/** `crypto.randomUUID` is missing where a page is served without https. */
function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function failure(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  throw error;
}
