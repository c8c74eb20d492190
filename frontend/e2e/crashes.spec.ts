import { startApp } from './support/app.ts';
import { addFault, Operator } from './support/operator.ts';
import { expect, expectAccessible, failOnPageErrors, test } from './support/test.ts';

test('work that ends the process again and again is set aside, said, and can be tried again', async ({
  playwright,
  browser
}) => {
  test.slow();
  const app = await startApp();
  const operator = new Operator(await playwright.request.newContext(), app.url);
  await operator.setUp(app);
  const { id: server } = await operator.addServer('Attic', app.jellyfin);
  const { code } = await operator.invite({ server_ids: [server], all_libraries: true });
  await addFault(app.jellyfin, {
    path_prefix: '/Users/New',
    kind: 'latency',
    value: 20_000,
    times: 0
  });
  await operator.startJoin(code, 'nora');

  const asked = async () => {
    const journal = await (await fetch(`${app.jellyfin.url}/_simulator/journal`)).text();
    return journal.split('"/Users/New').length;
  };
  let before = 1;
  for (let crash = 0; crash < 3; crash += 1) {
    await expect.poll(asked).toBeGreaterThan(before);
    before = await asked();
    await app.crash();
  }

  const context = await browser.newContext({
    storageState: await operator.request.storageState(),
    baseURL: app.url
  });
  const page = failOnPageErrors(await context.newPage());
  await page.goto('/');
  await expect(page.getByText(/set aside/i).first()).toBeVisible();
  await page.goto('/jobs');
  await expect(page.getByText(/3 crashes, set aside/)).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('button', { name: /^Try again/ }).click();
  await expect(page.getByText(/is tried again/)).toBeVisible();
  await expect(page.getByText(/3 crashes, set aside/)).toBeHidden();
  await context.close();
  await app.stop();
});
