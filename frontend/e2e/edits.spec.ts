import type { Page } from '@playwright/test';
import { expect, expectAccessible, test, uniqueCode, type SetUpApp } from './support/test.ts';

test('the edit form sends only what was changed, and keeps what somebody else changed', async ({
  app,
  signedIn: page
}) => {
  const twice = '2027-10-31T01:30:00Z'; // 02:30 in Amsterdam, the second time that night
  const { id } = await app.operator.invite({
    label: uniqueCode('Edit'),
    server_ids: [app.server.id],
    all_libraries: true,
    max_uses: 3,
    expires_at: twice
  });
  await page.goto(`/invitations/${id}/edit`);
  await page.getByLabel('Name').fill('Autumn');
  await app.operator.changeInvitation(id, { max_uses: 9 });
  await expect(page.getByText('Somebody else changed this invitation meanwhile.')).toBeVisible();
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'Autumn' })).toBeVisible();
  expect(await app.operator.invitation(id)).toMatchObject({
    label: 'Autumn',
    max_uses: 9,
    expires_at: twice
  });
});

/** The form of an invitation in which two people changed the same field. */
async function openConflict(page: Page, app: SetUpApp): Promise<string> {
  const { id } = await app.operator.invite({
    label: uniqueCode('Both'),
    server_ids: [app.server.id],
    all_libraries: true,
    max_uses: 3
  });
  await page.goto(`/invitations/${id}/edit`);
  await page.getByLabel('Name').fill('Renamed here');
  await page.getByLabel('Number of uses').fill('4');
  await app.operator.changeInvitation(id, { max_uses: 7 });
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByRole('row', { name: 'Number of uses 4 7' })).toBeVisible();
  return id;
}

test('a conflict shows both values, and mine can be saved over theirs', async ({
  app,
  signedIn: page
}) => {
  const id = await openConflict(page, app);
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Save mine' }).click();
  await expect(page.getByRole('heading', { name: 'Renamed here' })).toBeVisible();
  expect(await app.operator.invitation(id)).toMatchObject({ label: 'Renamed here', max_uses: 4 });
});

test('of a conflict theirs can be used, and what else I changed is saved', async ({
  app,
  signedIn: page
}) => {
  const id = await openConflict(page, app);
  await page.getByRole('button', { name: 'Use theirs' }).click();
  await expect(page.getByLabel('Number of uses')).toHaveValue('7');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'Renamed here' })).toBeVisible();
  expect(await app.operator.invitation(id)).toMatchObject({ label: 'Renamed here', max_uses: 7 });
});

test('two changes of a person’s name are a conflict, and theirs can be used', async ({
  app,
  signedIn: page
}) => {
  const { code } = await app.operator.invite({ server_ids: [app.server.id], all_libraries: true });
  const name = uniqueCode('Both');
  await app.operator.join(code, name);
  const id = await app.operator.personNamed(name);
  await page.goto(`/people/${id}`);
  await page.getByRole('button', { name: `Edit ${name}` }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('Mine');
  await app.operator.changePerson(id, { display_name: 'Theirs' });
  await dialog.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(dialog.getByRole('row', { name: 'Name Mine Theirs' })).toBeVisible();
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'Use theirs' }).click();
  await dialog.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByRole('heading', { name: 'Theirs' })).toBeVisible();
});

test('two changes of a server’s name are a conflict, and mine can be saved', async ({
  app,
  signedIn: page
}) => {
  const { id } = await app.operator.addPlex('Both', app.plex);
  await page.goto(`/servers/${id}`);
  await page.getByRole('button', { name: 'Actions for Both' }).click();
  await page.getByRole('menuitem', { name: 'Edit' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('Mine');
  await app.operator.changeServer(id, { name: 'Theirs' });
  await dialog.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(dialog.getByRole('row', { name: 'Name Mine Theirs' })).toBeVisible();
  await dialog.getByRole('button', { name: 'Save mine' }).click();
  await expect(page.getByRole('heading', { name: 'Mine' })).toBeVisible();
  await app.operator.removeServer(id);
});
