import { SvelteMap } from 'svelte/reactivity';
import type { Finding } from '#lib/api/types.ts';

/** The most that can be protected in one call. */
export const MOST = 1000;

/** The rows that are selected, also those that have scrolled out of view. */
export class Selection {
  readonly rows = new SvelteMap<string, Finding>();

  has({ title }: Finding): boolean {
    return this.rows.has(title.id);
  }

  toggle(row: Finding): void {
    if (!this.rows.delete(row.title.id)) this.rows.set(row.title.id, row);
  }

  add(rows: Finding[]): void {
    for (const row of rows.slice(0, MOST)) this.rows.set(row.title.id, row);
  }

  clear(): void {
    this.rows.clear();
  }

  /** As many as can be protected at once. */
  get list(): Finding[] {
    return [...this.rows.values()].slice(0, MOST);
  }

  get size(): number {
    return [...this.rows.values()].reduce((sum, row) => sum + row.size, 0);
  }
}
