import { withPlexServer, continueWithPlex, joinedHeading } from './support/plex_server.ts';
import { addFault, removeFaults } from './support/operator.ts';
import { actAtPlex, signInAtPlex } from './support/plex.ts';
import { expect, expectAccessible, test, failOnPageErrors } from './support/test.ts';

const toCellar = withPlexServer();

test('an expired sign-in says so, and the next one works', async ({ app, signedOut: page }) => {
  const { code } = await app.operator.invite(toCellar());
  await page.goto(`/join/${code}`);
  await page.getByRole('button', continueWithPlex).click();
  await page.waitForURL('**/auth**');
  const pins = { path_prefix: '/api/v2/pins/', kind: 'status', value: 404, times: 0 } as const;
  await addFault(app.plex_tv, pins);
  await page.goto(`/join/${code}`);
  await expect(page.getByText('The sign-in with Plex has expired')).toBeVisible();
  await expectAccessible(page);
  await removeFaults(app.plex_tv);
  await page.getByRole('button', continueWithPlex).click();
  await signInAtPlex(page, 'Sami Thorn 3');
  await expect(page.getByText('Signed in as sami.thorn.3@example.org')).toBeVisible();
  await page.getByRole('button', { name: 'Not you?' }).click();
  await expect(page.getByRole('button', continueWithPlex)).toBeVisible();
});

test('while Plex is down the page says so, and the invitation waits', async ({
  app,
  signedOut: page
}) => {
  const { code } = await app.operator.invite(toCellar());
  await page.goto(`/join/${code}`);
  await page.getByRole('button', continueWithPlex).waitFor();
  const down = { path_prefix: '/api/v2/pins', kind: 'status', value: 500, times: 0 } as const;
  await addFault(app.plex_tv, down);
  await page.getByRole('button', continueWithPlex).click();
  await expect(page.getByText('Plex is not answering at the moment.')).toBeVisible();
  await expectAccessible(page);
  await removeFaults(app.plex_tv);
  await expect(async () => {
    await page.getByRole('button', continueWithPlex).click();
    await page.waitForURL('**/auth**', { timeout: 3_000 });
  }).toPass({ timeout: 40_000 });
  await signInAtPlex(page, 'Sami Thorn 3');
  await expect(page.getByText('Signed in as sami.thorn.3@example.org')).toBeVisible();
});

test('back, a second tab and a reload take up the same sign-in', async ({
  app,
  signedOut: page
}) => {
  const { code } = await app.operator.invite(toCellar());
  await page.goto(`/join/${code}`);
  await page.getByRole('button', continueWithPlex).click();
  await page.waitForURL('**/auth**');
  const first = page.url();
  await page.goBack();
  await expect(page.getByText('You are not signed in yet.')).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('button', continueWithPlex).click();
  await page.waitForURL('**/auth**');
  expect(page.url()).toBe(first);

  const tab = failOnPageErrors(await page.context().newPage());
  await tab.goto(`/join/${code}`);
  await expect(tab.getByText('You are not signed in yet.')).toBeVisible();
  await signInAtPlex(page, 'Sami Thorn 3');
  for (const one of [tab, page]) {
    await expect(one.getByText('Signed in as sami.thorn.3@example.org')).toBeVisible();
  }
  await page.reload();
  await expect(page.getByText('Signed in as sami.thorn.3@example.org')).toBeVisible();
});

test('signed in elsewhere, the browser that began it goes on', async ({
  app,
  browser,
  signedOut: page
}) => {
  const { code } = await app.operator.invite(toCellar());
  await page.goto(`/join/${code}`);
  await page.getByRole('button', continueWithPlex).click();
  await page.waitForURL('**/auth**');
  const pin = new URLSearchParams(new URL(page.url()).hash.replace('#?', '')).get('code');
  await page.goBack();

  const other = await browser.newContext({ baseURL: app.url });
  const elsewhere = failOnPageErrors(await other.newPage());
  await elsewhere.goto(page.url());
  await actAtPlex(app, 'approve-pin', { code: pin, person: 'Sami Thorn 3' });
  await expect(page.getByText('Signed in as sami.thorn.3@example.org')).toBeVisible();
  await expect(elsewhere.getByRole('button', continueWithPlex)).toBeVisible();
  await expect(elsewhere.getByText('Signed in as')).toHaveCount(0);

  const pins = await page.evaluate(() => JSON.stringify(localStorage));
  await elsewhere.evaluate((kept) => {
    for (const [key, value] of Object.entries(JSON.parse(kept)))
      localStorage.setItem(key, String(value));
  }, pins);
  await elsewhere.reload();
  await expect(elsewhere.getByText('This sign-in was started in another browser')).toBeVisible();
  await expectAccessible(elsewhere);
  await other.close();
});

test('a browser that keeps nothing waits while Plex is open in a second tab', async ({
  app,
  signedOut: page
}) => {
  const { code } = await app.operator.invite(toCellar());
  await page.addInitScript(() => {
    const blocked = () => {
      throw new DOMException('blocked', 'SecurityError');
    };
    Object.defineProperty(window, 'localStorage', { get: blocked });
  });
  await page.goto(`/join/${code}`);
  await page.getByRole('button', continueWithPlex).click();
  const opened = page.context().waitForEvent('page');
  await page.getByRole('link', { name: 'Open Plex in a second tab' }).click();
  await expectAccessible(page);
  await signInAtPlex(await opened, 'Kaya Vale 4');
  await page.bringToFront();
  await expect(page.getByText('Signed in as kaya.vale.4@example.org')).toBeVisible();
  await page.getByRole('button', { name: 'Join' }).click();
  await expect(page.getByRole('heading', joinedHeading)).toBeVisible();
});
