import type { Page } from '@playwright/test';
import { withPlexServer, continueWithPlex, joinedHeading } from './support/plex_server.ts';
import { addFault } from './support/operator.ts';
import { shareWith, signInAtPlex } from './support/plex.ts';
import { expect, expectAccessible, test, uniqueCode } from './support/test.ts';

const PASSWORD = 'correct horse';
const toCellar = withPlexServer();
const toBoth = (attic: string) => {
  const { server_ids, ...all } = toCellar();
  return { ...all, server_ids: [attic, ...server_ids] };
};

async function nameAndPassword(page: Page, name: string) {
  await page.getByLabel('Choose a name').fill(name);
  await page.getByLabel('Choose a password').fill(PASSWORD);
}

test('a guest signs in with Plex and joins', async ({ app, signedOut: page }) => {
  const { code } = await app.operator.invite({ ...toCellar(), label: 'Films in the cellar' });
  await page.goto(`/join/${code}`);
  await expect(page.getByRole('button', continueWithPlex)).toBeVisible();
  await expect(page.getByLabel('Choose a name')).toHaveCount(0);
  await expectAccessible(page);
  await page.getByRole('button', continueWithPlex).click();
  await signInAtPlex(page, 'Vera Dorn 1');

  await expect(page).toHaveURL(`/join/${code}`);
  await expect(page.getByText('Signed in as vera.dorn.1@example.org')).toBeVisible();
  await expect(page.getByText('By joining, you agree that the Plex invitation')).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Join' }).click();
  await expect(page.getByRole('heading', joinedHeading)).toBeVisible();
  await expect(page.getByText('Cellar is in your Plex app now.')).toBeVisible();
  await expect(page.getByRole('link', { name: 'Open Plex' })).toHaveAttribute(
    'href',
    `${app.plex_tv.url}/desktop`
  );
  await expectAccessible(page);
  expect((await shareWith(app, 'Vera Dorn 1'))?.status).toBe('accepted');
});

test('by e-mail, the page says before and after that Plex sends a mail', async ({
  app,
  signedOut: page
}) => {
  const { code } = await app.operator.invite(toCellar());
  await page.goto(`/join/${code}`);
  await page.getByRole('button', { name: 'Use my e-mail address instead' }).click();
  await expect(page.getByText('Plex sends an invitation to this address.')).toBeVisible();
  await expect(page.getByLabel('Your e-mail')).toBeFocused();
  await page.getByRole('button', { name: 'Join' }).click();
  await expect(page.getByText('Enter an e-mail address')).toBeVisible();
  await expectAccessible(page);
  const email = `${uniqueCode('ada').toLowerCase()}@example.org`;
  await page.getByLabel('Your e-mail').fill(email);
  await page.getByRole('button', { name: 'Join' }).click();
  await expect(page.getByRole('heading', { name: 'One step left' })).toBeVisible();
  await expect(
    page.getByText(`Plex has sent an invitation to ${email}. Accept it there, and Cellar`)
  ).toBeVisible();
  await expectAccessible(page);
  expect((await shareWith(app, email))?.status).toBe('pending');
});

test('one form leads to a Jellyfin server and a Plex server', async ({ app, signedOut: page }) => {
  const { code } = await app.operator.invite(toBoth(app.server.id));
  await page.goto(`/join/${code}`);
  await page.getByRole('button', continueWithPlex).click();
  await signInAtPlex(page, 'Finn Pike 2');
  await expect(page.getByText('Signed in as finn.pike.2@example.org')).toBeVisible();
  await expectAccessible(page);
  const name = uniqueCode('Finn');
  await nameAndPassword(page, name);
  await page.getByRole('button', { name: 'Create my account' }).click();
  await expect(page.getByRole('heading', joinedHeading)).toBeVisible();
  await expect(page.getByText(`On Attic, sign in as “${name}”`)).toBeVisible();
  await expect(page.getByRole('link', { name: 'Open Attic' })).toBeVisible();
  await expect(page.getByRole('link', { name: 'Open Plex' })).toBeVisible();
  await expectAccessible(page);
});

test('a user of the Plex Home chooses a name, and a PIN of four digits or none', async ({
  app,
  signedOut: page
}) => {
  const { code } = await app.operator.invite({ ...toCellar(), plex_user_type: 'home' });
  for (const pin of ['2468', '']) {
    const name = uniqueCode('Kid');
    await page.goto(`/join/${code}`);
    await page.getByLabel('Choose a name').fill(name);
    await page.getByLabel('PIN for Plex').fill('24');
    await page.getByRole('button', { name: 'Create my account' }).click();
    await expect(page.getByText('Enter four digits, or leave it empty.')).toBeVisible();
    await expectAccessible(page);
    await page.getByLabel('PIN for Plex').fill(pin);
    await page.getByRole('button', { name: 'Create my account' }).click();
    await expect(page.getByRole('heading', joinedHeading)).toBeVisible();
    await expect(page.getByText(`choose “${name}” when the Plex app asks`)).toBeVisible();
    expect(await page.evaluate(() => JSON.stringify(localStorage))).not.toContain('2468');
    await page.getByRole('button', { name: 'Join with another account' }).click();
    await page.getByLabel('Choose a name').waitFor();
  }
});

test('the owner of the server cannot join, and can use another account', async ({
  app,
  signedOut: page
}) => {
  const { code } = await app.operator.invite(toCellar());
  await page.goto(`/join/${code}`);
  await page.getByRole('button', continueWithPlex).click();
  await signInAtPlex(page, 'admin');
  await page.getByRole('button', { name: 'Join' }).click();
  await expect(page.getByText('Cellar: this Plex account owns the server.')).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Join with another account' }).click();
  await expect(page.getByRole('button', continueWithPlex)).toBeVisible();
});

test('what works is kept, and what does not is tried until tomorrow', async ({
  app,
  signedOut: page
}) => {
  test.setTimeout(150_000);
  const { code } = await app.operator.invite({
    ...toBoth(app.server.id),
    on_failure: 'keep'
  });
  await page.goto(`/join/${code}`);
  await page.getByRole('button', continueWithPlex).click();
  await signInAtPlex(page, 'Kaya Keller 5');
  await nameAndPassword(page, uniqueCode('Kaya'));
  await addFault(app.plex_tv, {
    path_prefix: '/api/v2/shared_servers',
    kind: 'status',
    value: 500,
    times: 0
  });
  await page.getByRole('button', { name: 'Create my account' }).click();
  await expect(page.getByRole('heading', { name: 'You’re in, almost' })).toBeVisible({
    timeout: 90_000
  });
  await expect(page.getByText('Cellar is not ready yet. We keep trying')).toBeVisible();
  await expect(page.getByRole('link', { name: 'Open Attic' })).toBeVisible();
  await expect(page.getByRole('link', { name: 'Open Plex' })).toHaveCount(0);
  await expectAccessible(page);
});
