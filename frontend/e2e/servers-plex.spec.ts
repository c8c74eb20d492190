import type { Page } from '@playwright/test';
import { breakDown, repair } from './support/operator.ts';
import { actAtPlex, signInAtPlex } from './support/plex.ts';
import { expect, expectFit, test } from './support/test.ts';

const OWNER = 'owns the servers';
const dialog = (page: Page) => page.getByRole('dialog');
const signInButton = (page: Page) => page.getByRole('button', { name: 'Sign in with Plex' });

test.afterEach(async ({ home }) => {
  await Promise.all([home.plex, home.plex_tv].map(repair));
});

async function beginLinking(page: Page) {
  await page.goto('/servers');
  await page.getByRole('button', { name: 'Add a server' }).first().click();
  await signInButton(page).click();
  await expect(page.getByRole('heading', { name: 'Simulated Plex sign-in' })).toBeVisible();
}

test('an operator signs in with Plex, picks a server of his own, and adds it', async ({
  home,
  inside: page
}) => {
  await page.goto('/servers?add');
  await expect(signInButton(page)).toBeVisible();
  await expectFit(page);
  await signInButton(page).click();
  await signInAtPlex(page, OWNER, '**/servers?add=plex');

  await expect(page.getByRole('heading', { name: 'Which of your servers?' })).toBeVisible();
  const server = dialog(page).getByRole('listitem').getByRole('button');
  await expect(server).toHaveCount(1);
  await expectFit(page);
  await server.click();
  await expect(page.getByRole('radio', { name: 'In its own network' })).toBeVisible();
  await page.getByRole('radio', { name: 'Another address' }).check();
  await page.getByLabel('Address', { exact: true }).fill('http://127.0.0.1:9');
  await page.getByLabel('Name').fill('Den');
  await page.getByRole('button', { name: 'Add the server' }).click();
  await expect(dialog(page).locator('.text-bad').first()).toBeVisible({ timeout: 20_000 });
  await expectFit(page);
  await page.getByRole('radio', { name: 'In its own network' }).check();
  await page.getByRole('button', { name: 'Add the server' }).click();
  await expect(page.getByRole('heading', { name: 'Den' })).toBeVisible();
  await expect(page, 'closed is closed, also after a reload').toHaveURL('/servers');
  await expectFit(page);

  await page.getByRole('button', { name: 'Add a server' }).click();
  await expect(dialog(page).getByText('Already added')).toBeVisible();
  await expect(server).toBeDisabled();
  await expectFit(page);
  await page.getByRole('button', { name: 'Use an address and a key instead' }).click();
  await expect(page.getByLabel('API key or Plex token')).toBeVisible();
  await page.keyboard.press('Escape');

  const kept = await page.evaluate(() => JSON.stringify(localStorage));
  expect(kept).not.toContain(home.plex.token);
  await page.getByRole('link', { name: 'Den' }).click();
  await expect(page.getByText('Stored, encrypted')).toBeVisible();
  await expectFit(page);
  await home.operator.removeServer(new URL(page.url()).pathname.split('/').at(-1) ?? '');
});

test('who comes back without having signed in goes on, or leaves it', async ({
  home,
  inside: page
}) => {
  await beginLinking(page);
  const code = new URLSearchParams(new URL(page.url()).hash.slice(2)).get('code');
  await page.goBack();
  await page.getByRole('button', { name: 'Add a server' }).first().click();
  await expect(page.getByText('You are not signed in with Plex yet.')).toBeVisible();
  await expect(page.getByRole('link', { name: 'Continue with Plex' })).toBeVisible();
  await expectFit(page);

  const second = await page.context().newPage();
  await second.goto('/servers?add');
  await expect(second.getByRole('link', { name: 'Continue with Plex' })).toBeVisible();
  await actAtPlex(home, 'approve-pin', { code, person: 'Vera Dorn 1' });
  await expect(second.getByText('Signed in as vera.dorn.1@example.org')).toBeVisible();
  await expect(second.getByText('This account owns no server')).toBeVisible();
  await expectFit(second);
  await second.getByRole('button', { name: 'Use another account' }).click();
  await expect(signInButton(second)).toBeVisible();
  await second.close();
  await page.bringToFront();
  await page.reload();
  await page.getByRole('button', { name: 'Add a server' }).first().click();
  await expect(signInButton(page)).toBeVisible();
});

test('a sign-in that is not known any more can be begun anew', async ({ inside: page }) => {
  await beginLinking(page);
  await page.goBack();
  await page.evaluate(() => {
    const going = JSON.parse(localStorage.getItem('zondarr-plex-link') ?? '{}');
    going.pin_id = '00000000-0000-7000-8000-000000000000';
    localStorage.setItem('zondarr-plex-link', JSON.stringify(going));
  });
  await page.goto('/servers?add=plex');
  await expect(page.getByText('This sign-in has expired')).toBeVisible();
  await expectFit(page);
  await signInButton(page).click();
  await expect(page.getByRole('heading', { name: 'Simulated Plex sign-in' })).toBeVisible();
});

test('while Plex is down it says so, and the other way is open', async ({ home, inside: page }) => {
  test.setTimeout(90_000);
  await page.goto('/servers?add');
  await page.evaluate(() => localStorage.removeItem('zondarr-plex-link'));
  await page.reload();
  await breakDown(home.plex_tv, { path_prefix: '/api', kind: 'status', value: 503, times: 0 });
  await signInButton(page).click();
  await expect(dialog(page).getByRole('alert')).toBeVisible({ timeout: 40_000 });
  await expect(page.getByLabel('API key or Plex token')).toBeVisible();
  await expectFit(page);
  await repair(home.plex_tv);
});

test('a Plex server is added by its address and a token as well', async ({
  home,
  inside: page
}) => {
  await page.goto('/servers?add');
  await page.getByLabel('Address').fill(home.plex.url);
  await page.getByLabel('API key or Plex token').fill(home.plex.token);
  await page.getByRole('button', { name: 'Test the connection' }).click();
  await expect(page.getByText('Accepted, with the permissions we need')).toBeVisible();
  await page.getByLabel('Name').fill('Loft');
  await page.getByRole('button', { name: 'Add the server' }).click();
  await page.getByRole('link', { name: 'Loft' }).click();
  await expect(page).toHaveURL(/\/servers\/.+/);
  await home.operator.removeServer(new URL(page.url()).pathname.split('/').at(-1) ?? '');
});
