import { addFault, removeFaults } from './support/operator.ts';
import { expect, expectAccessible, test, uniqueCode } from './support/test.ts';

test.afterEach(async ({ app }) => removeFaults(app.jellyfin));

test('access is disabled, enabled and deleted, with the result for each server', async ({
  app,
  signedIn: page
}) => {
  const name = uniqueCode('Per');
  const { code } = await app.operator.invite({
    server_ids: [app.server.id],
    all_libraries: true
  });
  await app.operator.join(code, name);
  await page.goto(`/people?q=${name}`);
  await page.getByRole('link', { name }).click();

  await page.getByRole('button', { name: 'Disable' }).click();
  await expect(page.getByText(`${name} will be disabled`)).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('dialog').getByRole('button', { name: 'Disable' }).click();
  await expect(page.getByText(`${name} is disabled`)).toBeVisible();
  await page.getByRole('button', { name: 'Close' }).last().click();
  await expect(page.getByText('No access').first()).toBeVisible();

  await page.getByRole('button', { name: 'Enable' }).click();
  await expect(page.getByText(`${name} is enabled`)).toBeVisible();
  await page.getByRole('button', { name: 'Close' }).last().click();

  await page.getByRole('button', { name: `Actions for ${name}`, exact: true }).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await expect(
    page.getByText(`${name} will be deleted, with their watch history and settings`)
  ).toBeVisible();
  await addFault(app.jellyfin, {
    path_prefix: '/Users/',
    method: 'DELETE',
    kind: 'status',
    value: 500,
    times: 20
  });
  await page.getByRole('button', { name: 'Delete permanently' }).click();
  await expect(page.getByText(`${name} still exists`)).toBeVisible({ timeout: 30_000 });
  await expectAccessible(page);
  await removeFaults(app.jellyfin);
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByText(`${name} is deleted`, { exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'Close' }).last().click();
  await expect(page).toHaveURL('/people');
  await page.goto(`/people?q=${name}`);
  await expect(page.getByText('No people found')).toBeVisible();
});

test('filters live in the address, and "back" leaves the list', async ({ app, signedIn: page }) => {
  const name = uniqueCode('Fil');
  const { code } = await app.operator.invite({
    server_ids: [app.server.id],
    all_libraries: true
  });
  await app.operator.join(code, name);
  await page.goto('/');
  await page.getByRole('link', { name: 'People' }).first().click();
  await page.getByLabel('Search by name or e-mail').fill(name);
  await expect(page).toHaveURL(`/people?q=${name}`);
  await expect(page.getByRole('link', { name })).toBeVisible();
  await page.getByRole('link', { name: 'No access' }).click();
  await expect(page).toHaveURL(`/people?q=${name}&access=disabled`);
  await expect(page.getByText('No people found')).toBeVisible();
  await page.reload();
  await expect(page.getByLabel('Search by name or e-mail')).toHaveValue(name);
  await page.goBack();
  await expect(page).toHaveURL('/');
});

test('an end of access is changed, and shows up where it matters', async ({
  app,
  signedIn: page
}) => {
  const name = uniqueCode('End');
  const { code } = await app.operator.invite({
    server_ids: [app.server.id],
    all_libraries: true,
    duration_days: 5
  });
  await app.operator.join(code, name);
  await page.goto('/');
  await expect(page.getByText(`${name}’s access ends in 5 days`)).toBeVisible();
  await page.goto(`/people?q=${name}`);
  await page.getByRole('link', { name }).click();
  await page.getByRole('button', { name: `Edit ${name}` }).click();
  await page.getByLabel('Access until').fill('');
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('No end date')).toBeVisible();
});
