import { AxeBuilder } from '@axe-core/playwright';
import { test as base, expect, type Page } from '@playwright/test';
import { startApp, type RunningApp } from './app.ts';
import { Operator } from './operator.ts';

export interface SetUpApp extends RunningApp {
  operator: Operator;
  server: { id: string; name: string };
  /** The cookies of the operator. */
  state: Awaited<ReturnType<Operator['request']['storageState']>>;
}

interface Fixtures {
  /** A page of an operator who is signed in. */
  signedIn: Page;
  /** A page of a guest, who is not signed in. */
  signedOut: Page;
}

/** The program, set up with one server called Attic; shared by the tests of a worker. */
export const test = base.extend<Fixtures, { app: SetUpApp }>({
  app: [
    async ({ playwright }, use) => {
      const app = await startApp();
      const request = await playwright.request.newContext();
      const operator = new Operator(request, app.url);
      await operator.setUp(app);
      const server = await operator.addServer('Attic', app.jellyfin);
      await use({ ...app, operator, server, state: await request.storageState() });
      await request.dispose();
      await app.stop();
    },
    { scope: 'worker', timeout: 180_000 }
  ],
  signedIn: async ({ browser, app }, use) => {
    const context = await browser.newContext({ storageState: app.state, baseURL: app.url });
    await use(failOnPageErrors(await context.newPage()));
    await context.close();
  },
  signedOut: async ({ browser, app }, use) => {
    const context = await browser.newContext({ baseURL: app.url });
    await use(failOnPageErrors(await context.newPage()));
    await context.close();
  }
});

/** A script that breaks, or a rule of the page that is broken, fails the test. */
export function failOnPageErrors(page: Page): Page {
  page.on('pageerror', (error) => expect.soft(error.message, 'an error of the page').toBe(''));
  page.on('console', (message) => {
    const text = message.text();
    if (/content security policy/i.test(text)) expect.soft(text).toBe('');
  });
  return page;
}

/** Nothing of the page sticks out sideways, and axe finds nothing. */
export async function expectAccessible(page: Page): Promise<void> {
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

/** On a touch screen nothing is lower than 44 px, except links within a sentence. */
export async function expectFingerSized(page: Page): Promise<void> {
  const small = await page
    .locator('button:visible, a:visible, summary:visible, select:visible')
    .evaluateAll((elements) =>
      elements
        .filter(
          (element) => !element.closest('p, dd, li p') && !element.classList.contains('sr-only')
        )
        .map((element) => ({ element, box: element.getBoundingClientRect() }))
        .filter(({ element, box }) => {
          const after = getComputedStyle(element, '::after');
          const covers = after.position === 'absolute' && after.content !== 'none';
          return !covers && box.height < 44;
        })
        .map(
          ({ element, box }) => `${Math.round(box.height)} px: ${element.outerHTML.slice(0, 120)}`
        )
    );
  expect(small, page.url()).toEqual([]);
}

/** A code that no other test uses. */
export const uniqueCode = (word: string): string =>
  `${word}-${Math.random().toString(36).slice(2, 8)}`.toUpperCase();

export { expect };
