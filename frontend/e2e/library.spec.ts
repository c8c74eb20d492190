import { countOf, rowsOf } from './support/library.ts';
import { addFault, removeFaults } from './support/operator.ts';
import { expect, expectAccessible, expectFingerSized, test } from './support/test.ts';

// One sync is shared by the whole file: the first test makes it, as a new user would.
test.describe.configure({ mode: 'serial' });

test('a library is read at the press of one button, and one sees how far it is', async ({
  app,
  signedIn: page
}) => {
  await page.goto('/library');
  await expect(page.getByText('Nothing has been read yet')).toBeVisible();
  await expectAccessible(page);
  await addFault(app.jellyfin, { path_prefix: '/Items', kind: 'latency', value: 700 });
  await page.getByRole('button', { name: 'Read the library' }).click();
  await expect(page.getByRole('heading', { name: 'Reading the library' })).toBeVisible();
  await expect(page.getByRole('progressbar', { name: 'Progress of Attic' })).toBeVisible();
  await expect(page.getByText(/^Reading (Movies|Shows)/)).toBeVisible();
  await expectAccessible(page);
  await removeFaults(app.jellyfin);
  await expect(page.getByRole('heading', { name: 'What could be freed' })).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Reading the library' })).toBeHidden();

  await expect(page.getByRole('img', { name: /^Size of the library/ })).toBeVisible();
  await page.getByText('As a table').click();
  await expect(page.getByRole('columnheader', { name: 'Change' })).toBeVisible();
  await expectAccessible(page);
});

test('titles are narrowed in the address, and “back” returns to the same place', async ({
  signedIn: page,
  isMobile
}) => {
  await page.goto('/library/titles');
  await expect(rowsOf(page).getByRole('link').first()).toBeVisible();
  const all = await countOf(page);
  await page.getByRole('navigation', { name: 'Type' }).getByRole('link', { name: 'Films' }).click();
  await expect(page).toHaveURL(/type=movie/);
  await expect.poll(() => countOf(page)).toBeLessThan(all);
  if (isMobile) await page.getByRole('button', { name: 'Filters' }).click();
  await page.getByRole('combobox', { name: 'Order' }).selectOption('Largest first');
  await expect(page).toHaveURL(/sort=-size/);
  await expectAccessible(page);

  // However many there are, only those around the screen are in the document.
  const drawn = () => rowsOf(page).getByRole('listitem').count();
  const most = isMobile ? 60 : 80;
  for (let screens = 0; screens < 6; screens++) {
    expect(await drawn()).toBeLessThan(most);
    await page.evaluate(() => window.scrollBy(0, 1500));
  }
  await page.evaluate(() => window.scrollTo(0, 900));
  const inView = await page.waitForFunction(() => {
    const links = [...document.querySelectorAll<HTMLElement>('main [role=listitem] a')];
    const link = links.find((one) => one.getBoundingClientRect().top > 120);
    return window.scrollY > 800 && link?.getAttribute('href');
  });
  await page.locator(`main a[href="${await inView.jsonValue()}"]`).click();
  await expect(page.getByRole('heading', { name: 'Watched by' })).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Files' })).toBeVisible();
  await expectAccessible(page);
  await page.goBack();
  await expect(page).toHaveURL(/type=movie&sort=-size/);
  await expect.poll(() => page.evaluate(() => window.scrollY)).toBeCloseTo(900, -2);
});

test('a row says why it is listed, and a threshold takes the list along', async ({
  signedIn: page,
  isMobile
}) => {
  await page.goto('/library/large');
  const row = rowsOf(page).getByRole('listitem').first();
  await expect(row).toContainText(/limit of 15(\.0)? GiB|limit of 13(\.0)? GiB/);
  await row.getByRole('button', { name: /^Facts about/ }).click();
  await expect(row.getByText('Largest', { exact: true })).toBeVisible();
  await expectAccessible(page);
  const keys = page.getByRole('button', { name: 'Keyboard' });
  await expect(keys).toBeVisible({ visible: !isMobile });

  const before = await countOf(page);
  const tab = page.getByRole('navigation', { name: 'Parts of the library' });
  const figure = tab.getByRole('link', { name: /^Large/ });
  await expect(figure).toContainText(new RegExp(`\\b${before} ·`));
  if (isMobile) await page.getByText('Thresholds').click();
  const slider = page.getByRole('slider', { name: 'Seasons from' });
  await slider.focus();
  await page.keyboard.press('Home');
  await expect(page).toHaveURL(/large_season_bytes=1073741824/);
  await expect.poll(() => countOf(page)).toBeGreaterThan(before);
  await expect.poll(async () => await figure.innerText()).toContain(`${await countOf(page)} ·`);
  await page.getByRole('button', { name: 'Reset' }).click();
  await expect(page).not.toHaveURL(/large_season_bytes/);
  await expect.poll(() => countOf(page)).toBe(before);
});

test('a title is protected from its row, leaves the list, and comes back when that is undone', async ({
  signedIn: page
}) => {
  await page.goto('/library/large');
  const rows = rowsOf(page);
  const name = await rows.getByRole('heading', { level: 2 }).first().getByRole('link').innerText();
  const before = await countOf(page);
  await rows.getByRole('checkbox', { name: `Select ${name}` }).check();
  await expect(page.getByText('1 selected')).toBeVisible();
  await page
    .getByRole('region', { name: 'Selection' })
    .getByRole('button', { name: 'Protect' })
    .click();
  const dialog = page.getByRole('dialog', { name: `Protect ${name}` });
  await dialog.getByLabel('Until').selectOption('For 90 days');
  await dialog.getByLabel('Note').fill('Kept for the reunion');
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'Protect' }).click();
  await expect(page.getByText(`${name} is protected.`)).toBeVisible();
  await expect(rows.getByRole('link', { name, exact: true })).toBeHidden();
  await expect.poll(() => countOf(page)).toBe(before - 1);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(rows.getByRole('link', { name, exact: true })).toBeVisible();
  await expect.poll(() => countOf(page)).toBe(before);
});

test('the list is gone through with the keyboard', async ({ signedIn: page }) => {
  await page.goto('/library/large');
  await expect(rowsOf(page).getByRole('listitem').first()).toBeVisible();
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await page.keyboard.press('k');
  await page.keyboard.press('x');
  await page.keyboard.press('j');
  await page.keyboard.press('x');
  await expect(page.getByText('2 selected')).toBeVisible();
  await page.keyboard.press('p');
  await expect(page.getByRole('dialog', { name: 'Protect 2 titles' })).toBeVisible();
  await page.keyboard.press('Escape');
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keys on this list' })).toBeVisible();
});

test('a list of names is checked, imported, and each protection can be ended', async ({
  signedIn: page
}) => {
  await page.goto('/library/titles');
  const name = await rowsOf(page)
    .getByRole('listitem')
    .first()
    .locator('.line-clamp-2')
    .innerText();
  await page.goto('/library/protections');
  await expect(page.getByText('Nothing is protected')).toBeVisible();
  await page.getByRole('button', { name: 'Import a list' }).click();
  const dialog = page.getByRole('dialog', { name: 'Import a list' });
  await dialog.getByLabel('Titles, one per line').fill(`${name}\nNo Such Title At All`);
  await dialog.getByRole('button', { name: 'Check the list' }).click();
  await expect(dialog.getByText('1 line fits nothing')).toBeVisible();
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'Protect 1 title' }).click();
  const row = page.getByRole('list', { name: 'Protections' }).getByRole('listitem');
  await expect(row).toContainText(name);
  await expectAccessible(page);
  await row.getByRole('link').click();
  await expect(page.getByRole('heading', { name: 'Watched by' })).toBeVisible();
  await expect(page.getByRole('button', { name: `End the protection of ${name}` })).toBeVisible();
  await page.getByRole('button', { name: `End the protection of ${name}` }).click();
  await expect(page.getByText('It is not protected.')).toBeVisible();
});

test('every target on a filled page can be hit with a finger', async ({ app, signedIn: page }) => {
  const [title] = await app.operator.findings('unwatched');
  await app.operator.protect({ scope: { title_id: title?.id } });
  for (const part of ['', '/unwatched', '/large', '/language', '/titles', '/protections']) {
    await page.goto(`/library${part}`);
    await expect(page.getByRole('status', { name: 'Loading' })).toHaveCount(0);
    await expect(page.locator('main').getByRole('listitem').first()).toBeVisible();
    await expectAccessible(page);
    await expectFingerSized(page);
  }
  await page.goto('/library/titles?type=series');
  await rowsOf(page).getByRole('link').first().click();
  await page.locator('main details summary').first().click();
  await expect(page.getByRole('heading', { name: 'Watched by' })).toBeVisible();
  await expectFingerSized(page);
});
