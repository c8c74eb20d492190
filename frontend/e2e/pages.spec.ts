import { expect, expectAccessible, expectFingerSized, test, uniqueCode } from './support/test.ts';

const lists = [
  '/',
  '/invitations',
  '/invitations/new',
  '/people',
  '/library',
  '/requests',
  '/settings',
  '/servers',
  '/jobs',
  '/account'
];

for (const theme of ['light', 'dark'] as const) {
  test(`every page fits and is accessible, ${theme}`, async ({ app, signedIn: page, isMobile }) => {
    test.setTimeout(120_000);
    const invitation = await app.operator.invite({
      server_ids: [app.server.id],
      all_libraries: true,
      label: 'A name that is rather long, as names of invitations sometimes happen to be'
    });
    await app.operator.join(invitation.code, uniqueCode('Page'));
    await page.emulateMedia({ colorScheme: theme });
    const pages = [
      ...lists,
      `/invitations/${invitation.id}`,
      `/invitations/${invitation.id}/edit`,
      `/servers/${app.server.id}`,
      `/join/${invitation.code}`,
      '/nowhere'
    ];
    for (const path of pages) {
      await page.goto(path);
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
      await expect(page.getByRole('status', { name: 'Loading' })).toHaveCount(0);
      await expectAccessible(page);
      if (isMobile) await expectFingerSized(page);
    }
  });
}

test('data that cannot be loaded gives a message with a reference, and can be tried again', async ({
  signedIn: page
}) => {
  const failure = {
    detail: 'Something went wrong on our side.',
    error_code: 'internal_error',
    timestamp: new Date().toISOString(),
    correlation_id: 'ref-4711'
  };
  await page.route('**/api/v1/identities?**', (route) =>
    route.fulfill({ status: 500, json: failure })
  );
  await page.goto('/people');
  await expect(page.getByText('Zondarr had an internal error.')).toBeVisible();
  await expect(page.getByText('ref-4711')).toBeVisible();
  await expectAccessible(page);
  await page.unroute('**/api/v1/identities?**');
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByText('Zondarr had an internal error.')).toBeHidden();
});

test('while data is slow, the page shows a placeholder', async ({ signedIn: page }) => {
  await page.route('**/api/v1/invitations?**', async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 1500));
    await route.continue();
  });
  await page.goto('/invitations');
  await expect(page.getByRole('status', { name: 'Loading' })).toBeVisible();
  await expectAccessible(page);
  await expect(page.getByRole('status', { name: 'Loading' })).toBeHidden();
});

test('a theme that was chosen is there before the first paint', async ({ signedIn: page }) => {
  await page.goto('/');
  await page
    .getByRole('button', { name: /^Account/ })
    .locator('visible=true')
    .click();
  await page.getByRole('menuitem', { name: 'Dark theme' }).click();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await page.goto('/jobs', { waitUntil: 'commit' });
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await page.waitForLoadState();
  await page
    .getByRole('button', { name: /^Account/ })
    .locator('visible=true')
    .click();
  await page.getByRole('menuitem', { name: 'System' }).click();
  await expect(page.locator('html')).not.toHaveAttribute('data-theme');
});
