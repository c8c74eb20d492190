import type { Overrides, PolicyName } from './policy.ts';

const PAUSE = 150;

/**
 * The thresholds while they are moved: shown at once, asked for a moment after the last move,
 * and never while an answer is on its way.
 */
export class PolicyDraft {
  moved = $state.raw<Overrides | null>(null);
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly ask: (overrides: Overrides) => Promise<unknown>,
    private readonly isBusy: () => boolean
  ) {}

  move(from: Overrides, name: PolicyName, value: unknown): void {
    this.set({ ...(this.moved ?? from), [name]: value });
  }

  set(overrides: Overrides): void {
    this.moved = overrides;
    this.#later();
  }

  #later(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#send(), PAUSE);
  }

  #send(): void {
    if (this.isBusy()) return this.#later();
    const { moved } = this;
    if (!moved) return;
    void this.ask(moved).then(() => {
      if (this.moved === moved) this.moved = null;
    });
  }
}
