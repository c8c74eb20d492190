import { AxeBuilder } from '@axe-core/playwright';
import { test as base, expect, type Page } from '@playwright/test';
import { startHouse, type House } from './house.ts';
import { Operator } from './operator.ts';

interface Home extends House {
  operator: Operator;
  server: { id: string; name: string };
  /** Cookies of someone who is signed in. */
  state: Awaited<ReturnType<Operator['request']['storageState']>>;
}

interface Fixtures {
  /** A page of someone who is signed in. */
  inside: Page;
  /** A page of someone who is not. */
  outside: Page;
}

/** A house that is set up, with one server called Attic; shared by the tests of a worker. */
export const test = base.extend<Fixtures, { home: Home }>({
  home: [
    async ({ playwright }, use) => {
      const house = await startHouse();
      const request = await playwright.request.newContext();
      const operator = new Operator(request, house.url);
      await operator.setUp(house);
      const server = await operator.addServer('Attic', house.jellyfin);
      await use({ ...house, operator, server, state: await request.storageState() });
      await request.dispose();
      await house.stop();
    },
    { scope: 'worker', timeout: 180_000 }
  ],
  inside: async ({ browser, home }, use) => {
    const context = await browser.newContext({ storageState: home.state, baseURL: home.url });
    await use(watched(await context.newPage()));
    await context.close();
  },
  outside: async ({ browser, home }, use) => {
    const context = await browser.newContext({ baseURL: home.url });
    await use(watched(await context.newPage()));
    await context.close();
  }
});

/** A script that breaks, or a rule of the page that is broken, fails the test. */
export function watched(page: Page): Page {
  page.on('pageerror', (error) => expect.soft(error.message, 'an error of the page').toBe(''));
  page.on('console', (message) => {
    const text = message.text();
    if (/content security policy/i.test(text)) expect.soft(text).toBe('');
  });
  return page;
}

/** Nothing of the page sticks out sideways, and axe finds nothing. */
export async function expectFit(page: Page): Promise<void> {
  await expect(page.locator('h1')).toBeVisible();
  const width = page.viewportSize()?.width ?? 0;
  const needed = await page.evaluate(() => document.documentElement.scrollWidth);
  expect(needed, `${page.url()} is wider than the screen`).toBeLessThanOrEqual(width);
  const { violations } = await new AxeBuilder({ page }).analyze();
  const found = violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`
  );
  expect(found, page.url()).toEqual([]);
}

/** A code that no other test uses. */
export const uniqueCode = (word: string): string =>
  `${word}-${Math.random().toString(36).slice(2, 8)}`.toUpperCase();

export { expect };
