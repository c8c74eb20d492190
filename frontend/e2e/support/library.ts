import type { Locator, Page } from '@playwright/test';

/** The titles of a list, or of a list of findings. */
export const rowsOf = (page: Page): Locator => page.getByRole('list', { name: /^Titles/ });

/** How many titles the list says that it has. */
export async function countOf(page: Page): Promise<number> {
  const found = page.getByRole('status').filter({ hasText: /title/ });
  return Number((await found.innerText()).replace(/ title.*/s, '').replaceAll(/\D/g, ''));
}
