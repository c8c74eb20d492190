import { email, password } from './support/operator.ts';
import { expect, expectFit, test } from './support/test.ts';

test('sign-in leads back to where one was, and a wrong password says so', async ({
  outside: page
}) => {
  await page.goto('/people?q=ann');
  await expect(page).toHaveURL(/\/sign-in\?next=/);
  await expectFit(page);
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password', { exact: true }).fill('wrong password');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('alert')).toBeVisible();
  await expectFit(page);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page).toHaveURL('/people?q=ann');
});

test('a session that is ended elsewhere leads to the door and back', async ({
  outside: page,
  inside,
  home
}) => {
  await page.goto('/sign-in');
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL(home.url);

  await inside.goto('/account');
  await expectFit(inside);
  const others = inside.getByRole('button', { name: 'End', exact: true });
  await expect(others.first()).toBeVisible();
  for (let left = await others.count(); left > 0; left = await others.count()) {
    await others.first().click();
    await expect(others).toHaveCount(left - 1);
  }
  await page.getByRole('link', { name: 'People' }).first().click();
  await expect(page).toHaveURL(/\/sign-in\?next=%2Fpeople/);
});

test('after signing out nothing is left open', async ({ outside: page, home }) => {
  await page.goto('/sign-in');
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL(home.url);
  await page
    .getByRole('button', { name: /^Account/ })
    .locator('visible=true')
    .click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await expect(page).toHaveURL(/\/sign-in/);
  await page.goto('/people');
  await expect(page).toHaveURL(/\/sign-in/);
});
