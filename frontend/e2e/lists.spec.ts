import { expect, expectAccessible, test, uniqueCode } from './support/test.ts';

test('a long list comes page by page, and its last page follows what happens', async ({
  app,
  signedIn: page
}) => {
  const label = uniqueCode('Long');
  const invite = (index: number) =>
    app.operator.invite({
      label: `${label} ${index}`,
      server_ids: [app.server.id],
      all_libraries: true
    });
  const first = await invite(0);
  for (let done = 0; done < 102; done += 17)
    await Promise.all(Array.from({ length: 17 }, (_, index) => invite(done + index + 1)));
  await page.goto(`/invitations?q=${label}`);
  for (const shown of [50, 100]) {
    await expect(page.getByText(`${shown} of 103`)).toBeVisible();
    await page.getByRole('button', { name: 'Load more' }).click();
  }
  await expect(page.getByText('103 of 103')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Load more' })).toBeHidden();
  await expectAccessible(page);

  const row = page.getByRole('listitem').filter({ hasText: new RegExp(`${label} 0\\b`) });
  await expect(row.getByText('Active')).toBeVisible();
  await app.operator.changeInvitation(first.id, { enabled: false });
  await expect(row.getByText('Switched off')).toBeVisible({ timeout: 5_000 });
});
