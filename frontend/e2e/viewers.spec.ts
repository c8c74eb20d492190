import { email, password } from './support/operator.ts';
import { expect, expectAccessible, test } from './support/test.ts';

test('a viewer sees everything and is offered nothing that would be refused', async ({
  app,
  signedOut: page
}) => {
  test.setTimeout(120_000);
  const invitation = await app.operator.invite({
    server_ids: [app.server.id],
    all_libraries: true
  });
  const viewer = `viewer-${email}`;
  await app.makeAccount(viewer, password, 'viewer');
  await page.goto('/sign-in');
  await page.getByLabel('E-mail').fill(viewer);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL(app.url);

  const changing =
    /^(Add|Make|Edit|Delete|Remove|Sync|Test|Switch o|Disable|Enable|Run now|More for)/;
  const paths = [
    '/',
    '/servers',
    `/servers/${app.server.id}`,
    '/invitations',
    `/invitations/${invitation.id}`,
    '/people',
    '/library',
    '/jobs'
  ];
  for (const path of paths) {
    await page.goto(path);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await expect(page.getByRole('status', { name: 'Loading' })).toHaveCount(0);
    await expect(page.getByRole('button', { name: changing })).toHaveCount(0);
    await expect(page.getByRole('main').getByRole('link', { name: changing })).toHaveCount(0);
    await expectAccessible(page);
  }
  await page.goto('/servers?add');
  await expect(page.getByRole('article')).not.toHaveCount(0);
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await page.goto('/invitations/new');
  await expect(page.getByText('You can view, but not change')).toBeVisible();
  await expectAccessible(page);
});
