import { addFault, removeFaults } from './support/operator.ts';
import { expect, expectAccessible, test, uniqueCode } from './support/test.ts';

const PASSWORD = 'correct horse';

async function answer(page: import('@playwright/test').Page, name: string) {
  await page.getByLabel('Choose a name').fill(name);
  await page.getByLabel('Choose a password').fill(PASSWORD);
  await page.getByRole('button', { name: /Create my account|Try again/ }).click();
}

test.afterEach(async ({ app }) => removeFaults(app.jellyfin));

test('a wrong code can be typed again', async ({ app, signedOut: page }) => {
  const { code } = await app.operator.invite({
    server_ids: [app.server.id],
    all_libraries: true,
    label: 'Attic for all'
  });
  await page.goto('/join/NOPE-NOPE-NOPE');
  await expect(page.getByRole('heading', { name: 'This invitation was not found' })).toBeVisible();
  await expectAccessible(page);
  await page.getByLabel('Code').fill(code.toLowerCase());
  await page.getByRole('button', { name: 'Try this code' }).click();
  await expect(page.getByRole('heading', { name: 'Attic for all' })).toBeVisible();
});

test('a code that is used up, or switched off, says so', async ({ app, signedOut: page }) => {
  const used = await app.operator.invite({
    server_ids: [app.server.id],
    all_libraries: true,
    max_uses: 1
  });
  expect(await app.operator.join(used.code, uniqueCode('First'))).toBe('succeeded');
  await page.goto(`/join/${used.code}`);
  await expect(page.getByRole('heading', { name: 'This invitation is used up' })).toBeVisible();
  await expectAccessible(page);

  const off = await app.operator.invite({ server_ids: [app.server.id], all_libraries: true });
  await app.operator.changeInvitation(off.id, { enabled: false });
  await page.goto(`/join/${off.code}`);
  await expect(
    page.getByRole('heading', { name: 'This invitation is switched off' })
  ).toBeVisible();
  await expect(page.getByRole('button')).toHaveCount(0);
});

test('what is wrong with an answer stands at the answer', async ({ app, signedOut: page }) => {
  const { code } = await app.operator.invite({
    server_ids: [app.server.id],
    all_libraries: true,
    max_uses: 1
  });
  await page.goto(`/join/${code}`);
  await page.getByRole('button', { name: 'Create my account' }).click();
  await expect(page.getByText('Choose a name.')).toBeVisible();
  await expect(page.getByText('At least 8 characters.')).toBeVisible();
  await expectAccessible(page);
  await answer(page, app.jellyfin.admin.name);
  await expect(page.getByText('This name is taken. Choose another one.')).toBeVisible();
  await expect(page.getByLabel('Choose a name')).toHaveAttribute('aria-invalid', 'true');
  await answer(page, uniqueCode('Free'));
  await expect(page.getByRole('heading', { name: 'You’re in' })).toBeVisible();
});

test('a server that is down undoes it, says so, and the invitation can be used again', async ({
  app,
  signedIn,
  signedOut: page
}) => {
  test.setTimeout(150_000);
  const { code } = await app.operator.invite({
    server_ids: [app.server.id],
    all_libraries: true,
    max_uses: 1
  });
  await page.goto(`/join/${code}`);
  await page.getByLabel('Choose a name').waitFor();
  await addFault(app.jellyfin, {
    path_prefix: '/Users/New',
    method: 'POST',
    kind: 'status',
    value: 500,
    times: 50
  });
  const name = uniqueCode('Late');
  await answer(page, name);
  await expect(page.getByRole('heading', { name: 'That did not work' })).toBeVisible({
    timeout: 90_000
  });
  await expect(
    page.getByText('No account was left behind, and your invitation has not been used.')
  ).toBeVisible();
  await expectAccessible(page);
  await signedIn.goto('/');
  await expect(signedIn.getByText(`${name} could not join`)).toBeVisible();
  await removeFaults(app.jellyfin);
  await page.getByRole('button', { name: 'Try again' }).click();
  await answer(page, name);
  await expect(page.getByRole('heading', { name: 'You’re in' })).toBeVisible();
  await signedIn.reload();
  await expect(signedIn.getByText('Joined recently')).toBeVisible();
  await expect(signedIn.getByText(`${name} could not join`)).toBeHidden();
});

test('the page can be closed and opened again, and survives a lost connection', async ({
  app,
  browser
}) => {
  const { code } = await app.operator.invite({
    server_ids: [app.server.id],
    all_libraries: true
  });
  const context = await browser.newContext({ baseURL: app.url });
  const page = await context.newPage();
  await page.goto(`/join/${code}`);
  await addFault(app.jellyfin, {
    path_prefix: '/Users/',
    kind: 'latency',
    value: 1500,
    times: 4
  });
  await answer(page, uniqueCode('Away'));
  await expect(page.getByRole('heading', { name: 'One moment…' })).toBeVisible();
  await expectAccessible(page);
  await context.setOffline(true);
  await expect(page.getByText('No connection at the moment.')).toBeVisible();
  await page.close();
  await context.setOffline(false);

  const again = await context.newPage();
  await again.goto(`/join/${code}`);
  await expect(again.getByRole('heading', { name: 'You’re in' })).toBeVisible({ timeout: 30_000 });
  const kept = await again.evaluate(() => JSON.stringify(localStorage));
  expect(kept).not.toContain(PASSWORD);
  await again.getByRole('button', { name: 'Join with another account' }).click();
  await expect(again.getByLabel('Choose a name')).toBeVisible();
  await context.close();
});

test('without a connection the page says so, and goes on when it is back', async ({
  app,
  signedOut: page
}) => {
  const { code } = await app.operator.invite({
    server_ids: [app.server.id],
    all_libraries: true
  });
  await page.goto(`/join/${code}`);
  await page.getByLabel('Choose a name').waitFor();
  await page.context().setOffline(true);
  await answer(page, uniqueCode('Off'));
  await expect(page.getByText('No connection')).toBeVisible();
  await page.context().setOffline(false);
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByRole('heading', { name: 'You’re in' })).toBeVisible();
});

test('the guest’s page loads no more than its share', async ({ app, signedOut: page }) => {
  const { code } = await app.operator.invite({
    server_ids: [app.server.id],
    all_libraries: true
  });
  const scripts: Promise<number>[] = [];
  page.on('response', (response) => {
    if (response.url().endsWith('.js')) scripts.push(response.body().then((body) => body.length));
  });
  await page.goto(`/join/${code}`);
  await page.getByLabel('Choose a name').waitFor();
  const sizes = await Promise.all(scripts);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  // Unpacked; what `npm run size` counts is packed. Query and dialog libraries alone are more.
  expect(total).toBeLessThan(170_000);
  expect(sizes.length).toBeGreaterThan(3);
});
