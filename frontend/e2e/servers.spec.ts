import { startJellyfin } from './support/app.ts';
import { addFault, removeFaults } from './support/operator.ts';
import { expect, expectAccessible, test, uniqueCode } from './support/test.ts';

test('a server that goes down dims its own card and nothing else', async ({
  app,
  signedIn: page
}) => {
  const jellyfin = await startJellyfin();
  const { id } = await app.operator.addServer('Cellar', jellyfin);
  await jellyfin.stop();
  await page.goto(`/servers/${id}`);
  await page.getByRole('button', { name: 'Test', exact: true }).click();
  await expect(page.getByText('It is not answering.')).toBeVisible({ timeout: 30_000 });
  await expectAccessible(page);

  await page.goto('/servers');
  const card = (name: string) => page.getByRole('article').filter({ hasText: name });
  await expect(card('Cellar').getByText('Not answering', { exact: true })).toBeVisible();
  await expect(card('Attic').getByText('Up', { exact: true })).toBeVisible();
  await expectAccessible(page);

  await page.goto('/');
  await expect(page.getByText('Cellar: Not answering')).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('link', { name: 'View: Cellar: Not answering' }).click();
  await expect(page).toHaveURL(`/servers/${id}`);

  await page.getByRole('button', { name: 'Actions for Cellar' }).click();
  await page.getByRole('menuitem', { name: 'Remove' }).click();
  await expect(page.getByText(/\d+ librar(y is|ies are) removed from Zondarr/)).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Remove the server' }).click();
  await expect(page).toHaveURL('/servers');
  await expect(page.getByRole('heading', { name: 'Attic' })).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Cellar' })).toBeHidden();
});

test('removing a server first names what goes with it, and "Cancel" changes nothing', async ({
  app,
  signedIn: page
}) => {
  const label = uniqueCode('Kept');
  // The dialog names the first of many, in the order of their codes.
  const code = uniqueCode('000');
  await app.operator.invite({ code, server_ids: [app.server.id], all_libraries: true, label });
  await page.goto(`/servers/${app.server.id}`);
  await page.getByRole('button', { name: 'Actions for Attic' }).click();
  await page.getByRole('menuitem', { name: 'Remove' }).click();
  await expect(page.getByText(/no longer gives? access to this server/)).toBeVisible();
  await expect(page.getByText(label)).toBeVisible();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.reload();
  await expect(page.getByRole('heading', { name: 'Attic' })).toBeVisible();
});

test('an address on another host asks for the key again', async ({ app, signedIn: page }) => {
  await page.goto(`/servers/${app.server.id}`);
  await page.getByRole('button', { name: 'Actions for Attic' }).click();
  await page.getByRole('menuitem', { name: 'Edit' }).click();
  await page.getByLabel('Address', { exact: true }).fill('http://elsewhere.test:8096');
  await expect(page.getByText('Enter the key again')).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('dialog').locator('.text-bad').first()).toBeVisible();
  await page.getByRole('button', { name: 'Cancel' }).click();
});

test('a sync shows how it goes, and ends up among the runs', async ({ app, signedIn: page }) => {
  await page.goto('/servers');
  await addFault(app.jellyfin, {
    path_prefix: '/Library',
    kind: 'latency',
    value: 1500,
    times: 2
  });
  const sync = page.getByRole('button', { name: 'Sync Attic' });
  await sync.click();
  await expect(sync).toBeDisabled();
  await expect(page.getByText('Attic is synced.')).toBeVisible({ timeout: 20_000 });
  await removeFaults(app.jellyfin);
  await page.goto('/jobs');
  await expect(page.getByText('Server sync').first()).toBeVisible();
  await expectAccessible(page);
});

test('a job runs on request', async ({ signedIn: page }) => {
  await page.goto('/jobs');
  await page.getByRole('button', { name: 'Run now: Check servers' }).click();
  const runs = page
    .getByRole('listitem')
    .filter({ hasText: 'took' })
    .filter({ hasText: 'Check servers' });
  await expect(runs.first()).toBeVisible({ timeout: 20_000 });
});
