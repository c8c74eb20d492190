import { email, password } from './support/operator.ts';
import { expect, expectAccessible, test } from './support/test.ts';

test('sign-in leads back to where one was, and a wrong password says so', async ({
  signedOut: page
}) => {
  await page.goto('/people?q=ann');
  await expect(page).toHaveURL(/\/sign-in\?next=/);
  await expectAccessible(page);
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password', { exact: true }).fill('wrong password');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('alert')).toBeVisible();
  await expectAccessible(page);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page).toHaveURL('/people?q=ann');
});

test('a session that is ended elsewhere leads to sign-in and back', async ({
  signedOut: page,
  signedIn,
  app
}) => {
  await page.goto('/sign-in');
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL(app.url);
  await page.goto('/people');

  await signedIn.goto('/account');
  await expectAccessible(signedIn);
  const others = signedIn.getByRole('button', { name: 'End', exact: true });
  await expect(others.first()).toBeVisible();
  for (let left = await others.count(); left > 0; left = await others.count()) {
    await others.first().click();
    await expect(others).toHaveCount(left - 1);
  }
  // The page asks for news by itself, and so finds out.
  await expect(page).toHaveURL(/\/sign-in\?next=%2Fpeople/);
});

test('after signing out nothing is left open', async ({ signedOut: page, app }) => {
  await page.goto('/sign-in');
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL(app.url);
  await page
    .getByRole('button', { name: /^Account/ })
    .locator('visible=true')
    .click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await expect(page).toHaveURL(/\/sign-in/);
  await page.goto('/people');
  await expect(page).toHaveURL(/\/sign-in/);
});
