import { expect, expectAccessible, test } from './support/test.ts';

test.beforeAll(({ app }) => app.operator.syncLibrary(app.server.id));

test('a season, an episode and a whole library can be protected, each by itself', async ({
  signedIn: page
}) => {
  await page.goto('/library/titles?type=series');
  const title = page.getByRole('list', { name: 'Titles' }).getByRole('link').first();
  const name = await title.locator('.line-clamp-2').innerText();
  await title.click();
  const season = page
    .locator('main details')
    .filter({ has: page.getByText('Season 1', { exact: true }) });
  await season.locator('summary').first().click();
  await season.getByRole('button', { name: 'Protect Season 1' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText(/^Protect .* Season 1/);
  await dialog.getByRole('radio', { name: /^Large is fine/ }).check();
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'Protect', exact: true }).click();
  await expect(page.getByText(/Season 1 is protected\./)).toBeVisible();
  await season.locator('details').first().locator('summary').click();
  await season.getByRole('button', { name: 'Protect S1E1' }).click();
  await dialog.getByRole('radio', { name: /^This part is exempt/ }).check();
  await dialog.getByRole('button', { name: 'Protect', exact: true }).click();
  await expect(page.getByText(/S1E1 is protected\./)).toBeVisible();
  await expect(page.getByText('Large is fine', { exact: true })).toBeVisible();
  await expect(page.getByText('This part is exempt', { exact: true })).toBeVisible();

  await page.goto('/library');
  await page.getByRole('button', { name: 'Protect Movies · Attic' }).click();
  await dialog.getByRole('radio', { name: /^Keep/ }).check();
  await dialog.getByLabel('Note').fill('The collection');
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'Protect', exact: true }).click();
  await expect(page.getByText('Movies · Attic is protected.')).toBeVisible();
  await page.goto('/library/large?type=movie');
  await expect(page.getByText('Nothing found')).toBeVisible();

  await page.goto('/library/protections');
  const rows = page.getByRole('list', { name: 'Protections' }).getByRole('listitem');
  await expect(rows).toHaveCount(3);
  await expect(rows.filter({ hasText: name }).filter({ hasText: 'S1E1' })).toBeVisible();
  await expect(rows.filter({ hasText: 'All of Movies · Attic' })).toContainText('The collection');
  await expectAccessible(page);
  for (let left = 3; left > 0; left--) {
    await rows
      .first()
      .getByRole('button', { name: /^End the protection/ })
      .click();
    await expect(rows).toHaveCount(left - 1);
  }
  await page.goto('/library/large?type=movie');
  await expect(page.getByRole('list', { name: /^Titles/ }).getByRole('listitem')).not.toHaveCount(
    0
  );
});

test('what a protection kept comes back when it lapses, and can be looked up', async ({
  app,
  signedIn: page
}) => {
  const [title] = await app.operator.findings('large');
  if (!title) throw new Error('no title is large');
  await app.operator.protect({
    scope: { title_id: title.id },
    insight: 'large',
    note: 'Until the reunion is over',
    expires_at: new Date(Date.now() + 6_000).toISOString()
  });
  const row = page.getByRole('list', { name: /^Titles/ }).getByRole('link', {
    name: title.name,
    exact: true
  });
  await page.goto('/library/large?verdict=protected');
  await expect(row).toBeVisible();
  await expect(page.getByText(/Protected until/)).toBeVisible();
  await page.getByRole('link', { name: 'Findings' }).click();
  await expect(page.getByRole('listitem').first()).toBeVisible();
  await expect(row).toBeHidden();
  await expect(async () => {
    await page.reload();
    await expect(row).toBeVisible({ timeout: 2_000 });
  }).toPass();

  await page.goto('/library/protections');
  await page.getByRole('link', { name: 'Lapsed' }).click();
  await expect(page).toHaveURL(/state=lapsed/);
  const lapsed = page.getByRole('list', { name: 'Protections' }).getByRole('listitem');
  await expect(lapsed).toContainText(title.name);
  await expect(lapsed).toContainText('Until the reunion is over');
  await expect(lapsed).toContainText('Ended');
  await expectAccessible(page);
});
