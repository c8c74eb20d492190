import type { Tone } from './tone.ts';

interface Toast {
  id: number;
  tone: Tone;
  text: string;
  action?: ToastAction | undefined;
}

/** What can be done about it at once: to undo it, mostly. */
interface ToastAction {
  label: string;
  run: () => void;
}

/** Short words about what has just happened; they leave by themselves. */
class Toasts {
  all = $state<Toast[]>([]);
  #next = 0;

  show(text: string, tone: Tone = 'plain', action?: ToastAction): void {
    const id = this.#next++;
    this.all.push({ id, tone, text, action });
    setTimeout(() => this.close(id), tone === 'bad' || action ? 10_000 : 5_000);
  }

  close(id: number): void {
    this.all = this.all.filter((toast) => toast.id !== id);
  }
}

export const toasts = new Toasts();
