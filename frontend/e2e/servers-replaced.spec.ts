import { startJellyfin } from './support/app.ts';
import { startProxy } from './support/proxy.ts';
import { expect, expectAccessible, test } from './support/test.ts';

test('a server that was installed again is confirmed, and what was there is kept as missing', async ({
  app,
  signedIn: page
}) => {
  const [before, after] = await Promise.all([startJellyfin(), startJellyfin('--seed', '99')]);
  const proxy = await startProxy(before.url);
  const { id } = await app.operator.addServer('Loft', { ...before, url: proxy.url });
  const known = await app.operator.libraries(id);
  proxy.leadTo(after.url);
  await app.operator.testServer(id);

  await page.goto(`/servers/${id}`);
  await expect(page.getByText('Another server answers at this address.').first()).toBeVisible();
  await page.getByRole('button', { name: 'Confirm the new server…' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByText('stay listed here, as missing')).toBeVisible();
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'Confirm the new server' }).click();
  await expect(dialog.getByText(/key/i).first()).toBeVisible();
  await dialog.getByLabel('API key or Plex token').fill(after.api_key);
  await dialog.getByRole('button', { name: 'Confirm the new server' }).click();
  await expect(page.getByText('The new server is now Loft.')).toBeVisible();
  await expect(page.getByText('Missing', { exact: true })).toHaveCount(known.length);

  await app.operator.removeServer(id);
  await Promise.all([proxy.stop(), before.stop(), after.stop()]);
});

test('an address that leads to another server is refused until that is confirmed', async ({
  app,
  signedIn: page
}) => {
  const [before, after] = await Promise.all([startJellyfin(), startJellyfin()]);
  const { id } = await app.operator.addServer('Shed', before);
  await page.goto(`/servers/${id}`);
  await page.getByRole('button', { name: 'Actions for Shed' }).click();
  await page.getByRole('menuitem', { name: 'Edit' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Address', { exact: true }).fill(after.url);
  await dialog.getByLabel('API key or Plex token').fill(after.api_key);
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog.getByText('Another server answers at this address, not Shed.')).toBeVisible();
  await dialog.getByRole('button', { name: 'Confirm the new server' }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByText(after.url)).toBeVisible();
  await app.operator.removeServer(id);
  await Promise.all([before.stop(), after.stop()]);
});

test('a server that was added already is named, with a link to it', async ({
  app,
  signedIn: page
}) => {
  await page.goto('/servers?add');
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Address').fill(app.jellyfin.url);
  await dialog.getByLabel('API key or Plex token').fill(app.jellyfin.api_key);
  await dialog.getByRole('button', { name: 'Test the connection' }).click();
  await dialog.getByLabel('Name').fill('Once more');
  await dialog.getByRole('button', { name: 'Add the server' }).click();
  await expect(dialog.getByText('This server has been added already, as Attic.')).toBeVisible();
  await expectAccessible(page);
  await dialog.getByRole('link', { name: 'Attic' }).click();
  await expect(page).toHaveURL(`/servers/${app.server.id}`);
});
