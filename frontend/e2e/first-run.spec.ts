import { startApp, type RunningApp } from './support/app.ts';
import { email, password } from './support/operator.ts';
import { expect, expectAccessible, test, failOnPageErrors } from './support/test.ts';

let app: RunningApp;
test.beforeAll(async () => {
  app = await startApp();
});
test.afterAll(() => app.stop());

test('from nothing to a guest who is in, as a new user goes it', async ({ browser }) => {
  test.setTimeout(120_000);
  const context = await browser.newContext({ baseURL: app.url });
  const page = failOnPageErrors(await context.newPage());

  await test.step('set-up asks for the token that is on the console', async () => {
    await page.goto('/');
    await expect(page).toHaveURL(/\/setup$/);
    await page.getByLabel('Set-up token').fill('not the token');
    await page.getByLabel('Your e-mail').fill(email);
    await page.getByLabel('Password', { exact: true }).fill(password);
    await page.getByRole('button', { name: 'Create the account' }).click();
    await expect(page.locator('.text-bad').first()).toBeVisible();
    await expectAccessible(page);

    await page.goto(`/setup?token=${app.setupToken}`);
    await page.getByLabel('Your e-mail').fill(email);
    await page.getByLabel('Password', { exact: true }).fill(password);
    await page.getByRole('button', { name: 'Create the account' }).click();
    await expect(page.getByRole('heading', { name: 'First steps' })).toBeVisible();
    await expectAccessible(page);
  });

  await test.step('a server is proven before it is stored', async () => {
    await page.getByRole('link', { name: 'Add a server' }).click();
    await page.getByLabel('Address').fill(app.jellyfin.url);
    await page.getByLabel('API key or Plex token').fill('wrong');
    await page.getByRole('button', { name: 'Test the connection' }).click();
    await expect(page.getByText('does not accept the key')).toBeVisible();
    await expectAccessible(page);
    await page.getByLabel('API key or Plex token').fill(app.jellyfin.api_key);
    await page.getByRole('button', { name: 'Test the connection' }).click();
    await expect(page.getByText('Accepted, with the permissions we need')).toBeVisible();
    await page.getByLabel('Name').fill('Attic');
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Add the server' }).click();
    await expect(page.getByRole('heading', { name: 'Attic' })).toBeVisible();
    await expect(page.getByText('Up', { exact: true })).toBeVisible();
  });

  const link = await test.step('an invitation for two libraries and nothing else', async () => {
    await page.goto('/invitations/new');
    await page.getByText('For a limited time').click();
    await page.getByLabel('All libraries').uncheck();
    await page.getByLabel('Movies').check();
    await page.getByLabel('Shows').check();
    await page.getByRole('textbox', { name: 'Name' }).fill('Cousins');
    await expect(
      page.getByText('One person gets access to 2 libraries on Attic. Access lasts 1 month.')
    ).toBeVisible();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Create the invitation' }).click();
    await expect(page.getByRole('heading', { name: 'Cousins' })).toBeVisible();
    await expect(page.getByRole('img', { name: 'QR code of the link' })).toBeVisible();
    await expectAccessible(page);
    return (await page.getByText('/join/').textContent()) ?? '';
  });

  await test.step('the guest joins in another browser and sees it happen', async () => {
    const other = await browser.newContext();
    const guest = failOnPageErrors(await other.newPage());
    await guest.goto(link.trim());
    await expect(guest.getByRole('heading', { name: 'Cousins' })).toBeVisible();
    await expect(guest.getByRole('listitem')).toHaveText(['Movies', 'Shows']);
    await expect(guest.getByText('Your access lasts 1 month.')).toBeVisible();
    await expectAccessible(guest);
    await guest.getByLabel('Choose a name').fill('Marta');
    await guest.getByLabel('Choose a password').fill('correct horse');
    await guest.getByRole('button', { name: 'Create my account' }).dblclick();
    await expect(guest.getByRole('heading', { name: 'You’re in' })).toBeVisible();
    await expect(guest.getByRole('link', { name: 'Open Attic' })).toHaveAttribute(
      'href',
      app.jellyfin.url
    );
    await expectAccessible(guest);
    await other.close();
  });

  await test.step('the guest can sign in there, and has what was meant', async () => {
    const response = await fetch(`${app.jellyfin.url}/Users/AuthenticateByName`, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        Authorization: 'MediaBrowser Client="e2e", Device="e2e", DeviceId="e2e", Version="1"'
      },
      body: JSON.stringify({ Username: 'Marta', Pw: 'correct horse' })
    });
    expect(response.status).toBe(200);
    const { User: user } = await response.json();
    expect(user.Policy).toMatchObject({
      EnableAllFolders: false,
      IsAdministrator: false,
      IsDisabled: false
    });
    expect(user.Policy.EnabledFolders).toHaveLength(2);
  });

  await test.step('the operator sees who came, and that the code is used up', async () => {
    await page.reload();
    await expect(page.getByText('Used up', { exact: true })).toBeVisible();
    await expect(page.getByText('Marta')).toBeVisible();
    await expect(page.getByText('Attic: done')).toBeVisible();
    await expectAccessible(page);
    await page.goto('/people');
    await page.getByRole('link', { name: 'Marta' }).click();
    await expect(page.getByText('Ends in')).toHaveCount(2);
    await expectAccessible(page);
    await page.goto('/');
    await expect(page.getByText('Joined recently')).toBeVisible();
    await expect(page.getByText('First steps')).toBeHidden();
  });
  await context.close();
});
