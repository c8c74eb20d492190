import type { Page } from '@playwright/test';
import { addFault, removeFaults } from './support/operator.ts';
import { actAtPlex, signInAtPlex } from './support/plex.ts';
import { expect, expectAccessible, test } from './support/test.ts';

const OWNER = 'owns the servers';
const dialog = (page: Page) => page.getByRole('dialog');
const signInButton = (page: Page) => page.getByRole('button', { name: 'Sign in with Plex' });

test.afterEach(async ({ app }) => {
  await Promise.all([app.plex, app.plex_tv].map(removeFaults));
});

async function beginLinking(page: Page) {
  await page.goto('/servers');
  await page.getByRole('button', { name: 'Add a server' }).first().click();
  await signInButton(page).click();
  await expect(page.getByRole('heading', { name: 'Simulated Plex sign-in' })).toBeVisible();
}

test('an operator signs in with Plex, picks one of their own servers, and adds it', async ({
  app,
  signedIn: page
}) => {
  await page.goto('/servers?add');
  await expect(signInButton(page)).toBeVisible();
  await expectAccessible(page);
  await signInButton(page).click();
  await signInAtPlex(page, OWNER, '**/servers?add=plex');

  await expect(page.getByRole('heading', { name: 'Which of your servers?' })).toBeVisible();
  const server = dialog(page).getByRole('listitem').getByRole('button');
  await expect(server).toHaveCount(1);
  await expectAccessible(page);
  await server.click();
  await expect(page.getByRole('radio', { name: 'In its own network' })).toBeVisible();
  await page.getByRole('radio', { name: 'Another address' }).check();
  await page.getByLabel('Address', { exact: true }).fill('http://127.0.0.1:9');
  await page.getByLabel('Name').fill('Den');
  await page.getByRole('button', { name: 'Add the server' }).click();
  await expect(dialog(page).locator('.text-bad').first()).toBeVisible({ timeout: 20_000 });
  await expectAccessible(page);
  await page.getByRole('radio', { name: 'In its own network' }).check();
  await page.getByRole('button', { name: 'Add the server' }).click();
  await expect(page.getByRole('heading', { name: 'Den' })).toBeVisible();
  await expect(page, 'closed is closed, also after a reload').toHaveURL('/servers');
  await expectAccessible(page);

  await page.getByRole('button', { name: 'Add a server' }).click();
  await expect(dialog(page).getByText('Already added')).toBeVisible();
  await expect(server).toBeDisabled();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Use an address and a key instead' }).click();
  await expect(page.getByLabel('API key or Plex token')).toBeVisible();
  await page.keyboard.press('Escape');

  const kept = await page.evaluate(() => JSON.stringify(localStorage));
  expect(kept).not.toContain(app.plex.token);
  await page.getByRole('link', { name: 'Den' }).click();
  await expect(page.getByText('Stored, encrypted')).toBeVisible();
  await expectAccessible(page);
  await app.operator.removeServer(new URL(page.url()).pathname.split('/').at(-1) ?? '');
});

test('who comes back without having signed in continues, or cancels', async ({
  app,
  signedIn: page
}) => {
  await beginLinking(page);
  const code = new URLSearchParams(new URL(page.url()).hash.slice(2)).get('code');
  await page.goBack();
  await page.getByRole('button', { name: 'Add a server' }).first().click();
  await expect(page.getByText('You are not signed in with Plex yet.')).toBeVisible();
  await expect(page.getByRole('link', { name: 'Continue with Plex' })).toBeVisible();
  await expectAccessible(page);

  const second = await page.context().newPage();
  await second.goto('/servers?add');
  await expect(second.getByRole('link', { name: 'Continue with Plex' })).toBeVisible();
  await actAtPlex(app, 'approve-pin', { code, person: 'Vera Dorn 1' });
  await expect(second.getByText('Signed in as vera.dorn.1@example.org')).toBeVisible();
  await expect(second.getByText('This account owns no server')).toBeVisible();
  await expectAccessible(second);
  await second.getByRole('button', { name: 'Use another account' }).click();
  await expect(signInButton(second)).toBeVisible();
  await second.close();
  await page.bringToFront();
  await page.reload();
  await page.getByRole('button', { name: 'Add a server' }).first().click();
  await expect(signInButton(page)).toBeVisible();
});

test('a sign-in that is not known any more can be started again', async ({ signedIn: page }) => {
  await beginLinking(page);
  await page.goBack();
  await page.evaluate(() => {
    const going = JSON.parse(localStorage.getItem('zondarr-plex-link') ?? '{}');
    going.pin_id = '00000000-0000-7000-8000-000000000000';
    localStorage.setItem('zondarr-plex-link', JSON.stringify(going));
  });
  await page.goto('/servers?add=plex');
  await expect(page.getByText('This sign-in has expired')).toBeVisible();
  await expectAccessible(page);
  await signInButton(page).click();
  await expect(page.getByRole('heading', { name: 'Simulated Plex sign-in' })).toBeVisible();
});

test('while Plex is down it says so, and the other way is open', async ({
  app,
  signedIn: page
}) => {
  test.setTimeout(90_000);
  await page.goto('/servers?add');
  await page.evaluate(() => localStorage.removeItem('zondarr-plex-link'));
  await page.reload();
  await addFault(app.plex_tv, { path_prefix: '/api', kind: 'status', value: 503, times: 0 });
  await signInButton(page).click();
  await expect(dialog(page).getByRole('alert')).toBeVisible({ timeout: 40_000 });
  await expect(page.getByLabel('API key or Plex token')).toBeVisible();
  await expectAccessible(page);
  await removeFaults(app.plex_tv);
});

test('a Plex server is added by its address and a token as well', async ({
  app,
  signedIn: page
}) => {
  await page.goto('/servers?add');
  await page.getByLabel('Address').fill(app.plex.url);
  await page.getByLabel('API key or Plex token').fill(app.plex.token);
  await page.getByRole('button', { name: 'Test the connection' }).click();
  await expect(page.getByText('Accepted, with the permissions we need')).toBeVisible();
  await page.getByLabel('Name').fill('Loft');
  await page.getByRole('button', { name: 'Add the server' }).click();
  await page.getByRole('link', { name: 'Loft' }).click();
  await expect(page).toHaveURL(/\/servers\/.+/);
  await app.operator.removeServer(new URL(page.url()).pathname.split('/').at(-1) ?? '');
});
