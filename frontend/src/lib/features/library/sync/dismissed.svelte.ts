const KEY = 'zondarr-sync-answered';

function remembered(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null; // storage is blocked
  }
}

/** The sync whose result was looked at and put away; a newer one is shown again. */
class Dismissed {
  run = $state(remembered());

  put(id: string): void {
    this.run = id;
    try {
      localStorage.setItem(KEY, id);
    } catch {
      // It is shown again after a reload.
    }
  }
}

export const dismissed = new Dismissed();
