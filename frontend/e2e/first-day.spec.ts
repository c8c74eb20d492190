import type { BrowserContext } from '@playwright/test';
import { expect, expectAccessible, test, uniqueCode } from './support/test.ts';

const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();

test('an open invitation and the list follow what a guest does', async ({
  app,
  signedIn: page
}) => {
  const label = uniqueCode('Live');
  const invitation = await app.operator.invite({
    label,
    server_ids: [app.server.id],
    all_libraries: true,
    max_uses: 1
  });
  await page.goto(`/invitations/${invitation.id}`);
  await expect(page.getByText('0 of 1 used')).toBeVisible();
  const guest = uniqueCode('Live');
  await app.operator.join(invitation.code, guest);
  await expect(page.getByText('1 of 1 used')).toBeVisible({ timeout: 5_000 });
  await expect(page.getByText('Used up', { exact: true }).first()).toBeVisible();
  await expect(page.getByRole('link', { name: guest })).toBeVisible();
});

test('what runs out is extended where it is announced, and the link is copied in its row', async ({
  app,
  signedIn: page
}) => {
  const label = uniqueCode('Soon');
  const { id } = await app.operator.invite({
    label,
    server_ids: [app.server.id],
    all_libraries: true,
    expires_at: inDays(1)
  });
  await page.goto('/');
  await page.getByRole('button', { name: `Extend ${label}` }).click();
  await page.getByRole('menuitem', { name: 'By 7 days' }).click();
  await expect(page.getByText(`${label}: extended to`)).toBeVisible();
  await expect(page.getByRole('button', { name: `Extend ${label}` })).toBeHidden();
  const saved = await app.operator.invitation(id);
  expect(Date.parse(saved.expires_at) - Date.now()).toBeGreaterThan(7.9 * 86_400_000);

  await page.goto(`/invitations?q=${label}`);
  await page.evaluate(() => {
    navigator.clipboard.writeText = async (text) => void (document.title = text);
  });
  await page.getByRole('button', { name: `Copy the link of ${label}` }).click();
  await expect.poll(() => page.title()).toBe(saved.url);
});

test('an invitation that is used up gets more uses on its page', async ({
  app,
  signedIn: page
}) => {
  const { id, code } = await app.operator.invite({
    label: uniqueCode('Full'),
    server_ids: [app.server.id],
    all_libraries: true,
    max_uses: 1
  });
  await app.operator.join(code, uniqueCode('Full'));
  await page.goto(`/invitations/${id}`);
  await page.getByRole('button', { name: /^Allow more uses/ }).click();
  await page.getByRole('menuitem', { name: '5 more uses' }).click();
  await expect(page.getByText('1 of 6 used')).toBeVisible();
  await expect(page.getByText('Active', { exact: true })).toBeVisible();
});

test('a pasted address is repaired and shown, and a second name that is the same is warned about', async ({
  app,
  signedIn: page
}) => {
  const { host } = new URL(app.jellyfin.url);
  await page.goto('/servers?add');
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByLabel('Address')).toBeFocused();
  await dialog.getByLabel('Address').fill(`  HTTP://${host}/web/index.html#!/home `);
  await dialog.getByLabel('API key or Plex token').fill(app.jellyfin.api_key);
  await dialog.getByRole('button', { name: 'Test the connection' }).click();
  await expect(dialog.getByRole('heading', { name: 'Server found' })).toBeVisible();
  await expect(dialog.getByText(`http://${host}`, { exact: true })).toBeVisible();
  await dialog.getByLabel('Name').fill(app.server.name.toUpperCase());
  await expect(dialog.getByText(/Another server is already called Attic/)).toBeVisible();
  await expectAccessible(page);
});

test('servers of the same name can be distinguished where they are offered', async ({
  app,
  signedIn: page
}) => {
  const { id } = await app.operator.addPlex('Attic', app.plex);
  await page.goto('/invitations/new');
  await expect(page.getByRole('checkbox', { name: /Attic\s+Jellyfin, \d+ librar/ })).toBeVisible();
  await expect(page.getByRole('checkbox', { name: /Attic\s+Plex, \d+ librar/ })).toBeVisible();
  await app.operator.removeServer(id);
});

/** How far things moved after they were first drawn, as browsers measure it. */
async function shiftOf(context: BrowserContext, path: string): Promise<[string, number]> {
  const page = await context.newPage();
  await page.addInitScript(() => {
    const shifts = ((window as unknown as { shifts: number[] }).shifts = []) as number[];
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries())
        shifts.push((entry as unknown as { value: number }).value);
    }).observe({ type: 'layout-shift', buffered: true });
  });
  await page.goto(path);
  await expect(page.locator('h1')).toBeVisible();
  await expect(page.getByRole('status', { name: 'Loading' })).toHaveCount(0);
  await page.waitForTimeout(1000);
  const shift = await page.evaluate(() =>
    (window as unknown as { shifts: number[] }).shifts.reduce((sum, one) => sum + one, 0)
  );
  await page.close();
  return [path, shift];
}

test('pages do not jump while they load', async ({ app, signedIn: page }) => {
  const { id, code } = await app.operator.invite({
    server_ids: [app.server.id],
    all_libraries: true,
    max_uses: 1
  });
  const forms = ['/invitations/new', `/invitations/${id}/edit`];
  const lists = ['/invitations', '/people', '/servers', '/jobs', '/account'];
  const paths = ['/', ...forms, ...lists, `/join/${code}`];
  for (const [path, shift] of await Promise.all(
    paths.map((path) => shiftOf(page.context(), path))
  )) {
    expect(shift, path).toBeLessThan(0.02);
  }
});

test('the first paint is no blank page', async ({ signedIn: page }) => {
  await page.route('**/_app/**/*.js', () => new Promise(() => undefined)); // they never come
  await page.goto('/', { waitUntil: 'domcontentloaded' });
  await expect(page.getByRole('img', { name: 'Zondarr' })).toBeVisible();
});

test('a join page without a code asks for one', async ({ app, signedOut: page }) => {
  const { code } = await app.operator.invite({
    server_ids: [app.server.id],
    all_libraries: true
  });
  await page.goto('/join');
  await expectAccessible(page);
  await page.getByLabel('Code').fill(code.toLowerCase());
  await page.getByRole('button', { name: 'Continue' }).click();
  await expect(page.getByText(code)).toBeVisible();
});

test('the palette finds codes, servers and verbs', async ({ app, signedIn: page }) => {
  const { code } = await app.operator.invite({
    code: uniqueCode('Palette'),
    server_ids: [app.server.id],
    all_libraries: true
  });
  await page.goto('/jobs');
  await expect(page.getByRole('heading', { name: 'Jobs' })).toBeVisible();
  await page.keyboard.press('Control+k');
  const field = page.getByRole('combobox');
  await field.fill(code);
  await expect(page.getByRole('option', { name: code })).toBeVisible();
  await field.fill('sign');
  await expect(page.getByRole('option').first()).toContainText('Sign out');
  await field.fill('attic');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Attic' })).toBeVisible();
});

test('a deep link to what is gone has a title, a sentence and a way back', async ({
  signedIn: page
}) => {
  await page.goto('/people/019f0000-0000-7000-8000-000000000000');
  await expect(page).toHaveTitle('This person does not exist · Zondarr');
  await expect(page.getByText('The link may be old')).toBeVisible();
  await page.getByRole('link', { name: 'Back to People' }).click();
  await expect(page.getByRole('heading', { name: 'People' })).toBeVisible();
});
