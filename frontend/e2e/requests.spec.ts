import type { Locator, Page } from '@playwright/test';
import { addFault, happen, removeFaults } from './support/operator.ts';
import { expect, expectAccessible, expectFingerSized, test, uniqueCode } from './support/test.ts';

// The first test connects Seerr for all of them, as a new user would; the last one disconnects it.
test.describe.configure({ mode: 'serial' });
test.beforeAll(({ app }) => app.operator.syncLibrary(app.server.id));

const rowsOf = (page: Page): Locator =>
  page.getByRole('list', { name: 'Requests' }).getByRole('listitem');
const chip = (page: Page, name: RegExp): Locator =>
  page.getByRole('navigation', { name: 'State' }).getByRole('link', { name });
const countIn = async (link: Locator): Promise<number> =>
  Number((await link.innerText()).replaceAll(/\D/g, ''));

/** Chooses from the menu of a row. */
async function choose(page: Page, row: Locator, action: string): Promise<void> {
  await row.getByRole('button', { name: /^More about/ }).click();
  await page.getByRole('menuitem', { name: action }).click();
}

test('Seerr is connected, and its requests are read', async ({ app, signedIn: page }) => {
  await page.goto('/requests');
  await expect(page.getByText('Seerr is not connected')).toBeVisible();
  await expectAccessible(page);
  await page.goto('/library/stuck');
  await expect(page.getByText('No requests have been read')).toBeVisible();
  await page.getByRole('link', { name: 'Go to the requests' }).click();
  await page.getByRole('link', { name: 'Connect Seerr' }).click();

  await page.getByLabel('Address').fill(app.seerr.url);
  await page.getByLabel('API key').fill('not-the-key');
  await page.getByRole('button', { name: 'Test' }).click();
  await expect(page.getByLabel('API key')).toHaveAttribute('aria-invalid', 'true');
  await expectAccessible(page);
  await page.getByLabel('API key').fill(app.seerr.api_key);
  await page.getByRole('button', { name: 'Test' }).click();
  await expect(page.getByText(/^Seerr [\d.]+ responded/)).toBeVisible();
  await page.getByRole('button', { name: 'Connect' }).click();
  await expect(page.getByText('Stored, never shown')).toBeVisible();
  await expect(page.locator('body')).not.toContainText(app.seerr.api_key);
  await expect(
    page.getByRole('list', { name: 'People who ask' }).getByRole('listitem').first()
  ).toBeVisible();
  await expectAccessible(page);

  // Another host gets no key that was typed for this one.
  await page.getByRole('button', { name: 'Edit' }).click();
  await page.getByLabel('Address').fill('http://elsewhere.example:5055');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('The key is missing.')).toBeVisible();
  await page.getByRole('button', { name: 'Cancel' }).click();

  await page.getByRole('link', { name: 'See the requests' }).click();
  await expect(rowsOf(page).first()).toBeVisible({ timeout: 30_000 });
  await expect(page.getByText(/As of/)).toBeVisible();
});

test('a stuck request says why, and is found by its state, its title and who asked', async ({
  signedIn: page,
  isMobile
}) => {
  await page.goto('/requests');
  await expect(page.getByRole('heading', { name: 'Reading requests' })).toBeHidden({
    timeout: 45_000
  });
  await chip(page, /^Stuck/).click();
  await expect(page).toHaveURL(/state=stuck/);
  const row = rowsOf(page).first();
  await expect(row).toContainText(/Out since .* approved, not here: \d+ days/);
  await row.getByRole('button', { name: /^Facts about/ }).click();
  await expect(row.getByText('Request status')).toBeVisible();
  await expect(row.getByRole('link', { name: 'Open in Seerr' })).toBeVisible();
  await expectAccessible(page);
  if (isMobile) await expectFingerSized(page);

  if (isMobile) await page.getByRole('button', { name: 'Filters' }).click();
  const requesters = page.getByRole('combobox', { name: 'Requested by' });
  await requesters.selectOption({ index: 1 });
  await expect(page).toHaveURL(/requested_by=/);
  await requesters.selectOption({ index: 0 });
  await page.getByRole('searchbox', { name: 'Search requests' }).fill('no such title at all');
  await expect(page.getByText('No request fits these filters')).toBeVisible();
});

test('a waiting request is approved, others are declined together, each after saying what it does', async ({
  signedIn: page
}) => {
  await page.goto('/requests?state=awaiting_approval');
  await expect(rowsOf(page).first()).toBeVisible();
  const waiting = chip(page, /^Awaiting approval/);
  const before = await countIn(waiting);
  await choose(page, rowsOf(page).first(), 'Approve');
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('Seerr marks the request for');
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'Approve' }).click();
  await expect(page.getByText('1 request is approved.')).toBeVisible();
  await expect.poll(() => countIn(waiting)).toBe(before - 1);

  await rowsOf(page).nth(0).getByRole('checkbox').check();
  await rowsOf(page).nth(1).getByRole('checkbox').check();
  const bar = page.getByRole('region', { name: 'Selection' });
  await expect(bar).toContainText('2 selected');
  await expectAccessible(page);
  await bar.getByRole('button', { name: 'Decline' }).click();
  await expect(page.getByRole('dialog', { name: 'Decline 2 requests' })).toContainText(
    'as declined'
  );
  await dialog.getByRole('button', { name: 'Decline' }).click();
  await expect(page.getByText('2 requests are declined.')).toBeVisible();
  await expect.poll(() => countIn(waiting)).toBe(before - 3);

  await chip(page, /^Declined/).click();
  await expect(page).toHaveURL(/state=declined/);
  await expect(rowsOf(page).first()).toContainText('Declined');
  await expect(page.getByText(/^Awaiting approval$/)).toHaveCount(0);
  await choose(page, rowsOf(page).first(), 'Delete');
  await expect(dialog).toContainText('That cannot be undone');
  await dialog.getByRole('button', { name: 'Delete' }).click();
  await expect(page.getByText('1 request is deleted.')).toBeVisible();
});

test('a request is ignored: it leaves the stuck ones, and comes back when that is undone', async ({
  signedIn: page
}) => {
  await page.goto('/library/stuck');
  const rows = rowsOf(page);
  await expect(rows.first()).toBeVisible();
  const tab = page
    .getByRole('navigation', { name: 'Parts of the library' })
    .getByRole('link', { name: /^Stuck requests/ });
  await expect(tab).toContainText(/\d/);
  const before = await countIn(tab);
  await expectAccessible(page);
  const title = await rows.first().getByRole('heading').innerText();
  await choose(page, rows.first(), 'Ignore');
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('Nothing changes in Seerr');
  await dialog.getByLabel('Note').fill('It will never come out here');
  await dialog.getByRole('button', { name: 'Ignore' }).click();
  await expect.poll(() => countIn(tab)).toBe(before - 1);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect.poll(() => countIn(tab)).toBe(before);
  await expect(rows.first().getByRole('heading')).toHaveText(title.replaceAll('\n', ' '));
});

test('a film that arrived says who asked for it, in the list, on its page and on the person’s', async ({
  app,
  signedIn: page,
  isMobile
}) => {
  const stuck = await app.operator.requests('stuck');
  const film = stuck.find(({ title }) => title.id === null);
  if (!film) throw new Error('every stuck film is here');
  const { name, tmdb } = film.title;
  await happen(app.jellyfin, 'arrive', { name, providers: { tmdb }, size: 4_000_000_000 });
  await app.operator.syncLibrary(app.server.id);

  await page.goto('/library/recent');
  const row = page.getByRole('list', { name: /^Titles/ }).getByRole('listitem');
  await expect(row.filter({ hasText: name })).toContainText(`Requested by ${film.requester.name}`);
  await expectAccessible(page);
  if (!isMobile) {
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.getByRole('button', { name: 'Copy by requester' }).click();
    await expect(page.getByText('The list of new titles is copied')).toBeVisible();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    expect(copied).toContain(film.requester.name);
    expect(copied).toContain(name);
  }
  await row.filter({ hasText: name }).getByRole('link', { name }).click();
  const asked = page.getByRole('list', { name: 'Requested by' });
  await expect(asked).toContainText(film.requester.name);
  await expect(asked).toContainText('whether they watched it is not known');
  await expectAccessible(page);

  // Linked to a person, the request is on that person's page, too.
  const { code } = await app.operator.invite({ server_ids: [app.server.id], all_libraries: true });
  const guest = uniqueCode('Asker');
  await app.operator.join(code, guest);
  await page.goto(`/settings?q=${encodeURIComponent(film.requester.name)}`);
  await page.getByRole('button', { name: `Link ${film.requester.name} to a person` }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('searchbox').fill(guest);
  await dialog.getByRole('radio', { name: guest }).check();
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText(`${film.requester.name} is ${guest}.`)).toBeVisible();
  await page.getByRole('link', { name: `is ${guest}, linked by hand` }).click();
  await expect(page.getByText(/^Asked for \d+, got \d+, watched 0 of them\./)).toBeVisible();
  await expect(page.getByRole('list', { name: 'Requests' })).toContainText(name);
  await expectAccessible(page);
});

test('the requests are gone through with the keyboard', async ({ signedIn: page }) => {
  await page.goto('/requests?state=stuck');
  await expect(rowsOf(page).first()).toBeVisible();
  for (const key of ['j', 'x', 'j', 'x']) await page.keyboard.press(key);
  await expect(page.getByText('2 selected')).toBeVisible();
  await page.keyboard.press('p');
  await expect(page.getByRole('dialog', { name: 'Ignore 2 requests' })).toBeVisible();
  await page.keyboard.press('Escape');
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keys on this list' })).toContainText('Approve');
});

test('a Seerr that fails leaves the requests as they were, and says so', async ({
  app,
  signedIn: page
}) => {
  await page.goto('/requests');
  const all = chip(page, /^All/);
  await expect(all).toContainText(/\d/);
  const before = await countIn(all);
  await addFault(app.seerr, { path_prefix: '/api', kind: 'html', times: 0 });
  await page.getByRole('button', { name: 'Sync now' }).click();
  await expect(page.getByText(/could not be read since/)).toBeVisible({ timeout: 45_000 });
  await expectAccessible(page);
  expect(await countIn(all)).toBe(before);
  await removeFaults(app.seerr);
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByText(/could not be read since/)).toBeHidden({ timeout: 45_000 });
});

test('somebody who asks is linked to nobody by hand, and Seerr is disconnected', async ({
  signedIn: page
}) => {
  await page.goto('/settings?people=unlinked');
  const rows = page.getByRole('list', { name: 'People who ask' }).getByRole('listitem');
  const name = await rows.first().locator('p .font-medium').innerText();
  await rows
    .first()
    .getByRole('button', { name: `Link ${name} to a person` })
    .click();
  const dialog = page.getByRole('dialog', { name: `Who is ${name}?` });
  await dialog.getByRole('radio', { name: /^Nobody/ }).check();
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText(`${name} is linked to nobody.`)).toBeVisible();

  await page.getByRole('button', { name: 'Disconnect' }).click();
  const leaving = page.getByRole('dialog', { name: 'Disconnect Seerr' });
  await expect(leaving).toContainText(/\d+ requests, as they were read/);
  await expectAccessible(page);
  await leaving.getByRole('button', { name: 'Disconnect' }).click();
  await expect(page.getByRole('button', { name: 'Connect', exact: true })).toBeVisible();
});
