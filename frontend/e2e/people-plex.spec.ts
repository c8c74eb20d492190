import { withPlexServer, continueWithPlex, joinedHeading } from './support/plex_server.ts';
import { addFault, removeFaults } from './support/operator.ts';
import { actAtPlex, shareWith, signInAtPlex } from './support/plex.ts';
import { expect, expectAccessible, test, uniqueCode } from './support/test.ts';

withPlexServer();

test('someone is invited to Plex and Jellyfin, loses access and gets it back', async ({
  app,
  signedIn: page,
  browser
}) => {
  test.setTimeout(240_000);
  const label = uniqueCode('Both');
  const name = uniqueCode('Mix');
  const friend = uniqueCode('mona').toLowerCase();
  await actAtPlex(app, 'register', { email: `${friend}@example.org` });

  const link = await test.step('the invitation says what Plex asks', async () => {
    await page.goto('/invitations/new');
    await page.getByLabel('Attic').check();
    await expect(page.getByText('How do they join')).toHaveCount(0);
    await page.getByLabel('Cellar').check();
    await expect(page.getByText('How do they join Cellar?')).toBeVisible();
    await expect(page.getByRole('radio', { name: /^As a friend/ })).toBeChecked();
    await page.getByRole('textbox', { name: 'Name' }).fill(label);
    await page.getByText('Permissions').click();
    await expect(page.getByText('Cellar ignores this.').first()).toBeVisible();
    await page.getByLabel('Only with these ratings').fill('PG, PG-13');
    await page.getByText('When one server fails').click();
    await page.getByRole('radio', { name: /^Keep what worked/ }).check();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Create the invitation' }).click();
    await expect(page.getByRole('heading', { name: label })).toBeVisible();
    await expect(page.getByText('As a friend')).toBeVisible();
    await expect(page.getByText('Keep what worked')).toBeVisible();
    await expect(page.getByText('only titles rated PG and PG-13')).toBeVisible();
    await expectAccessible(page);
    return (await page.getByText('/join/').textContent())?.trim() ?? '';
  });

  await test.step('the guest joins', async () => {
    const context = await browser.newContext({ baseURL: app.url });
    const guest = await context.newPage();
    await guest.goto(link);
    await guest.getByRole('button', continueWithPlex).click();
    await signInAtPlex(guest, friend);
    await guest.getByLabel('Choose a name').fill(name);
    await guest.getByLabel('Choose a password').fill('correct horse');
    await guest.getByRole('button', { name: 'Create my account' }).click();
    await expect(guest.getByRole('heading', joinedHeading)).toBeVisible();
    await context.close();
  });
  const had = (await shareWith(app, friend))?.libraries;
  expect(had?.length).toBeGreaterThan(0);

  await test.step('before anything happens, each server says what will', async () => {
    await page.reload();
    await page.getByRole('link', { name }).click();
    await page.getByRole('button', { name: 'Remove access' }).click();
    const outcomes = page.getByRole('list', { name: 'What will happen' });
    await expect(outcomes.getByText('will be disabled')).toBeVisible();
    await expect(outcomes.getByText('restore it with one click')).toBeVisible();
    await expectAccessible(page);
  });

  await test.step('a server that fails is shown, and tried again', async () => {
    const revoke = { path_prefix: '/api/servers', method: 'DELETE' };
    await addFault(app.plex_tv, { ...revoke, kind: 'status', value: 500, times: 40 });
    await page.getByRole('dialog').getByRole('button', { name: 'Remove access' }).click();
    const outcomes = page.getByRole('list', { name: 'Result' });
    await expect(outcomes.getByText('is disabled')).toBeVisible({ timeout: 40_000 });
    await expect(outcomes.getByText('was not changed')).toBeVisible();
    await expectAccessible(page);
    await removeFaults(app.plex_tv);
    await page.getByRole('button', { name: 'Try again' }).click();
    await expect(outcomes.getByText('no longer has access')).toBeVisible({ timeout: 40_000 });
    await page.getByRole('button', { name: 'Close' }).last().click();
    await expect(page.getByText('Access removed')).toBeVisible();
    await expectAccessible(page);
    expect(await shareWith(app, friend)).toBeUndefined();
  });

  await test.step('one click gives everything back', async () => {
    await page.getByRole('button', { name: 'Restore access' }).click();
    const outcomes = page.getByRole('list', { name: 'Result' });
    await expect(outcomes.getByText('is enabled')).toBeVisible({ timeout: 20_000 });
    await expect(outcomes.getByText('has access again')).toBeVisible();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Close' }).last().click();
    expect((await shareWith(app, friend))?.libraries.toSorted()).toEqual(had?.toSorted());
  });

  await test.step('one account goes, and the other stays', async () => {
    await page.getByRole('button', { name: / on Cellar$/ }).click();
    await page.getByRole('menuitem', { name: 'Delete this account' }).click();
    await expect(page.getByText(/no longer shared with/)).toBeVisible();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Delete this account' }).click();
    await expect(page.getByText('is deleted from Cellar')).toBeVisible();
    await expect(page.getByRole('link', { name: 'Cellar' })).toHaveCount(0);
    await expect(page.getByRole('link', { name: 'Attic' })).toBeVisible();
  });
});

test('a person invited by mail is pending until they accept', async ({ app, signedIn: page }) => {
  const email = `${uniqueCode('ivo').toLowerCase()}@example.org`;
  const servers = await page.request.get(`${app.url}/api/v1/servers`);
  const { items } = (await servers.json()) as { items: { id: string; name: string }[] };
  const cellar = items.find(({ name }) => name === 'Cellar');
  const { id, code } = await app.operator.invite({
    server_ids: [cellar?.id],
    all_libraries: true
  });
  await app.operator.joinByMail(code, email);
  await page.goto(`/invitations/${id}`);
  await expect(page.getByText('Not accepted yet', { exact: true })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('link', { name: email }).click();
  await expect(page.getByText('Invited, not accepted yet').first()).toBeVisible();
  await expectAccessible(page);
  await page.goto(`/people?q=${email}`);
  await expect(page.getByText('Invited, not accepted yet')).toBeVisible();
  await expectAccessible(page);

  await actAtPlex(app, 'register', { email });
  const share = await shareWith(app, email);
  await actAtPlex(app, 'accept', { share_id: share?.id });
  await page.goto('/servers');
  await page.getByRole('button', { name: 'Sync Cellar' }).click();
  await expect(page.getByText('Cellar is synced.')).toBeVisible({ timeout: 20_000 });
  await page.goto(`/people?q=${email.split('@')[0]}`);
  await expect(page.getByText('Has access', { exact: true }).last()).toBeVisible();
});
