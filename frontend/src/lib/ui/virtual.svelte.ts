import {
  observeWindowOffset,
  observeWindowRect,
  Virtualizer,
  windowScroll,
  type VirtualItem
} from '@tanstack/virtual-core';

interface Rows {
  count: number;
  /** How high a row probably is, in px. */
  height: number;
  /** Where the list begins, from the top of the page. */
  top: number;
  /** How many rows are drawn before and after those in view. */
  overscan: number;
  keyOf: (index: number) => string;
}

/** Which rows of a list that scrolls with the page are in view, and where they stand. */
export class VirtualList {
  rows = $state.raw<VirtualItem[]>([]);
  height = $state(0);
  readonly #virtualizer: Virtualizer<Window, HTMLElement>;

  constructor(rows: Rows) {
    this.#virtualizer = new Virtualizer<Window, HTMLElement>(this.#options(rows));
    this.#read();
  }

  /** Follows the window until the returned function is called. */
  mount(): () => void {
    return this.#virtualizer._didMount();
  }

  update(rows: Rows): void {
    this.#virtualizer.setOptions(this.#options(rows));
    this.#virtualizer._willUpdate();
    this.#read();
  }

  measure(node: HTMLElement): void {
    this.#virtualizer.measureElement(node);
  }

  show(index: number): void {
    this.#virtualizer.scrollToIndex(index, { align: 'auto' });
  }

  #options({ count, height, top, overscan, keyOf }: Rows) {
    return {
      count,
      estimateSize: () => height,
      getItemKey: keyOf,
      scrollMargin: top,
      overscan,
      initialOffset: () => window.scrollY,
      getScrollElement: () => window,
      observeElementRect: observeWindowRect,
      observeElementOffset: observeWindowOffset,
      scrollToFn: windowScroll,
      onChange: () => this.#read()
    };
  }

  #read(): void {
    this.rows = this.#virtualizer.getVirtualItems();
    this.height = this.#virtualizer.getTotalSize();
  }
}
