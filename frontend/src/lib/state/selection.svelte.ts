import { SvelteMap } from 'svelte/reactivity';

/** The most that one call changes. */
export const MOST = 1000;

/** The rows of a list that are selected, also those that have scrolled out of view. */
export class Selection<Row> {
  readonly rows = new SvelteMap<string, Row>();

  constructor(private readonly idOf: (row: Row) => string) {}

  has(row: Row): boolean {
    return this.rows.has(this.idOf(row));
  }

  toggle(row: Row): void {
    const id = this.idOf(row);
    if (!this.rows.delete(id)) this.rows.set(id, row);
  }

  add(rows: Row[]): void {
    for (const row of rows.slice(0, MOST)) this.rows.set(this.idOf(row), row);
  }

  clear(): void {
    this.rows.clear();
  }

  /** As many as can be changed at once. */
  get list(): Row[] {
    return [...this.rows.values()].slice(0, MOST);
  }
}
