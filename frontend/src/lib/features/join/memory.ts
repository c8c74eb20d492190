import type { JoinAccepted } from '#lib/api/types.ts';

/** What lets a guest close the page and come back. Never the password. */
export interface Begun extends JoinAccepted {
  username: string | null;
}

const keyOf = (code: string) => `zondarr-join:${code.toUpperCase()}`;

export function recall(code: string): Begun | null {
  try {
    const kept = localStorage.getItem(keyOf(code));
    return kept ? (JSON.parse(kept) as Begun) : null;
  } catch {
    return null; // storage is blocked: the page still works, it only cannot be closed
  }
}

export function remember(code: string, begun: Begun): void {
  try {
    localStorage.setItem(keyOf(code), JSON.stringify(begun));
  } catch {
    // As above.
  }
}

export function forget(code: string): void {
  try {
    localStorage.removeItem(keyOf(code));
  } catch {
    // As above.
  }
}
