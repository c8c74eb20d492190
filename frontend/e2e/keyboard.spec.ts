import { expect, expectAccessible, test, uniqueCode } from './support/test.ts';

test('the palette goes anywhere and finds people', async ({ app, signedIn: page }) => {
  const name = uniqueCode('Key');
  const { code } = await app.operator.invite({
    server_ids: [app.server.id],
    all_libraries: true
  });
  await app.operator.join(code, name);
  await page.goto('/');
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.keyboard.press('Control+k');
  await expect(page.getByRole('combobox')).toBeFocused();
  await page.keyboard.type('jobs');
  await expect(page.getByRole('option').first()).toContainText('Jobs');
  await expectAccessible(page);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL('/jobs');

  await page.keyboard.press('Control+k');
  await expect(page.getByRole('combobox')).toBeFocused();
  await page.keyboard.type(name.toLowerCase());
  await expect(page.getByRole('option', { name })).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name })).toBeVisible();
});

test('a dialog takes the focus, keeps it, and gives it back', async ({ signedIn: page }) => {
  await page.goto('/servers');
  const opener = page.getByRole('button', { name: 'Add a server' });
  await opener.focus();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog');
  await expect(dialog).toBeVisible();
  for (let presses = 0; presses < 8; presses++) {
    await page.keyboard.press('Tab');
    expect(await dialog.evaluate((element) => element.contains(document.activeElement))).toBe(true);
  }
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(opener).toBeFocused();
});

test('the first stop leads past the navigation', async ({ signedIn: page }) => {
  await page.goto('/people');
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Skip to the content' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.locator('#content')).toBeFocused();
});

test('an invitation is made without a mouse', async ({ signedIn: page }) => {
  await page.goto('/invitations/new');
  await page.getByRole('radio', { name: /^One person/ }).focus();
  await page.keyboard.press('ArrowDown');
  await expect(page.getByRole('radio', { name: /^For a limited time/ })).toBeChecked();
  await page.getByRole('textbox', { name: 'Name' }).focus();
  await page.keyboard.type('By hand');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'By hand' })).toBeVisible();
});
