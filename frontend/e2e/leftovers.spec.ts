import { startJellyfin } from './support/app.ts';
import { addFault } from './support/operator.ts';
import { expect, expectAccessible, test } from './support/test.ts';

test('a guest whose server died is not waited for, and what may be left is listed', async ({
  app,
  signedIn: page
}) => {
  const jellyfin = await startJellyfin();
  const server = await app.operator.addServer('Barn', jellyfin);
  const { id, code } = await app.operator.invite({ server_ids: [server.id], all_libraries: true });
  await addFault(jellyfin, {
    path_prefix: '/Users/New',
    method: 'POST',
    kind: 'latency',
    value: 5000
  });
  await app.operator.startJoin(code, 'nora');
  await expect(async () => {
    const journal = await (await fetch(`${jellyfin.url}/_simulator/journal`)).text();
    expect(journal).toContain('/Users/New');
  }).toPass();
  await jellyfin.stop();

  await page.goto(`/invitations/${id}`);
  await page.getByRole('button', { name: 'Stop waiting' }).click({ timeout: 30_000 });
  const dialog = page.getByRole('dialog', { name: 'Stop waiting for nora?' });
  await expect(dialog.getByText(/An account may be left on Barn/)).toBeVisible();
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'Stop waiting' }).click();
  await expect(page.getByText('Zondarr no longer waits for it.')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Stop waiting' })).toBeHidden();
  expect((await app.operator.invitation(id)).use_count).toBe(0);

  await page.goto('/jobs');
  await expect(page.getByText('nora on Barn')).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Stop trying to remove nora on Barn' }).click();
  await expect(page.getByText(/it stays on Barn: delete it there yourself/)).toBeVisible();
  await page.getByRole('dialog').getByRole('button', { name: 'Stop trying' }).click();
  await expect(page.getByText('nora on Barn')).toBeHidden();
});
