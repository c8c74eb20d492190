import { breakDown, repair } from './support/operator.ts';
import { expect, expectFit, test, uniqueCode } from './support/test.ts';

const PASSWORD = 'correct horse';

async function answer(page: import('@playwright/test').Page, name: string) {
  await page.getByLabel('Choose a name').fill(name);
  await page.getByLabel('Choose a password').fill(PASSWORD);
  await page.getByRole('button', { name: /Create my account|Try again/ }).click();
}

test.afterEach(async ({ home }) => repair(home.jellyfin));

test('a wrong code can be typed again', async ({ home, outside: page }) => {
  const { code } = await home.operator.invite({
    server_ids: [home.server.id],
    all_libraries: true,
    label: 'Attic for all'
  });
  await page.goto('/join/NOPE-NOPE-NOPE');
  await expect(page.getByRole('heading', { name: 'This invitation was not found' })).toBeVisible();
  await expectFit(page);
  await page.getByLabel('Code').fill(code.toLowerCase());
  await page.getByRole('button', { name: 'Try this code' }).click();
  await expect(page.getByRole('heading', { name: 'Attic for all' })).toBeVisible();
});

test('a code that is used up, or switched off, says so', async ({ home, outside: page }) => {
  const used = await home.operator.invite({
    server_ids: [home.server.id],
    all_libraries: true,
    max_uses: 1
  });
  expect(await home.operator.join(used.code, uniqueCode('First'))).toBe('succeeded');
  await page.goto(`/join/${used.code}`);
  await expect(page.getByRole('heading', { name: 'This invitation is used up' })).toBeVisible();
  await expectFit(page);

  const off = await home.operator.invite({ server_ids: [home.server.id], all_libraries: true });
  await home.operator.changeInvitation(off.id, { enabled: false });
  await page.goto(`/join/${off.code}`);
  await expect(
    page.getByRole('heading', { name: 'This invitation is switched off' })
  ).toBeVisible();
  await expect(page.getByRole('button')).toHaveCount(0);
});

test('what is wrong with an answer stands at the answer', async ({ home, outside: page }) => {
  const { code } = await home.operator.invite({
    server_ids: [home.server.id],
    all_libraries: true,
    max_uses: 1
  });
  await page.goto(`/join/${code}`);
  await page.getByRole('button', { name: 'Create my account' }).click();
  await expect(page.getByText('Choose a name.')).toBeVisible();
  await expect(page.getByText('At least 8 characters.')).toBeVisible();
  await expectFit(page);
  await answer(page, home.jellyfin.admin.name);
  await expect(page.getByText('This name is taken. Choose another one.')).toBeVisible();
  await expect(page.getByLabel('Choose a name')).toHaveAttribute('aria-invalid', 'true');
  await answer(page, uniqueCode('Free'));
  await expect(page.getByRole('heading', { name: 'You’re in' })).toBeVisible();
});

test('a server that is down undoes it, says so, and the invitation can be used again', async ({
  home,
  inside,
  outside: page
}) => {
  test.setTimeout(150_000);
  const { code } = await home.operator.invite({
    server_ids: [home.server.id],
    all_libraries: true,
    max_uses: 1
  });
  await page.goto(`/join/${code}`);
  await page.getByLabel('Choose a name').waitFor();
  await breakDown(home.jellyfin, {
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
  await expectFit(page);
  await inside.goto('/');
  await expect(inside.getByText(`${name} could not join`)).toBeVisible();
  await repair(home.jellyfin);
  await page.getByRole('button', { name: 'Try again' }).click();
  await answer(page, name);
  await expect(page.getByRole('heading', { name: 'You’re in' })).toBeVisible();
  await inside.reload();
  await expect(inside.getByText('Joined recently')).toBeVisible();
  await expect(inside.getByText(`${name} could not join`)).toBeHidden();
});

test('the page can be closed and opened again, and survives a lost connection', async ({
  home,
  browser
}) => {
  const { code } = await home.operator.invite({
    server_ids: [home.server.id],
    all_libraries: true
  });
  const context = await browser.newContext({ baseURL: home.url });
  const page = await context.newPage();
  await page.goto(`/join/${code}`);
  await breakDown(home.jellyfin, {
    path_prefix: '/Users/',
    kind: 'latency',
    value: 1500,
    times: 4
  });
  await answer(page, uniqueCode('Away'));
  await expect(page.getByRole('heading', { name: 'One moment…' })).toBeVisible();
  await expectFit(page);
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
  home,
  outside: page
}) => {
  const { code } = await home.operator.invite({
    server_ids: [home.server.id],
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

test('the guest’s page loads no more than its share', async ({ home, outside: page }) => {
  const { code } = await home.operator.invite({
    server_ids: [home.server.id],
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
