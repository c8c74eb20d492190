import { addFault, removeFaults } from './support/operator.ts';
import { countOf, rowsOf } from './support/library.ts';
import { expect, expectAccessible, test } from './support/test.ts';

test.beforeAll(({ app }) => app.operator.syncLibrary(app.server.id));

test('a library that has lost much is left as it was, and the sync asks', async ({
  app,
  signedIn: page
}) => {
  await page.goto('/library/titles');
  const before = await countOf(page);
  await addFault(app.jellyfin, { path_prefix: '/Items', kind: 'empty', times: 0 });
  await page.getByRole('button', { name: 'Sync now' }).click();
  await expect(page.getByText('Much of a library is gone. Is that right?')).toBeVisible();
  await removeFaults(app.jellyfin);
  await expect(page.getByText('Needs your answer')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Yes, they are gone' })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'No, leave it as it was' }).click();
  await expect(page.getByText('Much of a library is gone. Is that right?')).toBeHidden();
  await page.reload();
  await expect.poll(() => countOf(page)).toBe(before);
  await expect(page.getByText('Much of a library is gone. Is that right?')).toBeHidden();

  // When it is right, what is gone leaves the list, until a sync finds it again.
  await addFault(app.jellyfin, { path_prefix: '/Items', kind: 'empty', times: 0 });
  await page.getByRole('button', { name: 'Sync now' }).click();
  await page.getByRole('button', { name: 'Yes, they are gone' }).click();
  await expect(page.getByText('Much of a library is gone. Is that right?')).toBeHidden();
  await expect(page.getByText('No films and no series were found')).toBeVisible();
  await removeFaults(app.jellyfin);
  await expect(page.getByRole('button', { name: 'Sync now' })).toBeEnabled();
  await page.getByRole('button', { name: 'Sync now' }).click();
  await expect.poll(() => countOf(page)).toBe(before);
});

test('a sync that runs can be stopped, and what was known stays', async ({
  app,
  signedIn: page
}) => {
  await page.goto('/library/titles');
  const before = await countOf(page);
  await addFault(app.jellyfin, { path_prefix: '/', kind: 'latency', value: 1500, times: 0 });
  await page.getByRole('button', { name: 'Sync now' }).click();
  await expect(page.getByRole('heading', { name: 'Reading the library' })).toBeVisible();
  await page.getByRole('button', { name: 'Stop' }).click();
  await expect(page.getByText('Stopped. What was known before stays.')).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Reading the library' })).toBeHidden();
  await removeFaults(app.jellyfin);
  await expect(page.getByRole('button', { name: 'Sync now' })).toBeEnabled();
  expect(await countOf(page)).toBe(before);
});

test('the hour of the daily sync, and a library’s own languages, are saved at once', async ({
  signedIn: page,
  isMobile
}) => {
  await page.goto('/library');
  const hour = page.getByRole('combobox', { name: 'Read every day at' });
  await hour.selectOption('Only when asked for');
  await expect(page.getByText('Saved.')).toBeVisible();
  await page.reload();
  await expect(hour).toHaveValue('never');
  await hour.selectOption('04:00');
  await page.reload();
  await expect(hour.locator('option:checked')).toHaveText('04:00');

  await page.goto('/library/language?type=movie');
  const row = rowsOf(page).getByRole('listitem').first();
  await expect(row).toBeVisible();
  const all = await countOf(page);
  if (isMobile) await page.getByText('What is required').click();
  await page.getByText('Per library').click();
  await page.getByRole('checkbox', { name: 'Movies · Attic' }).check();
  const own = (kind: string) => page.getByRole('group', { name: `${kind} in Movies · Attic` });
  await own('Audio').getByRole('button', { name: 'Remove French' }).click();
  await expect(own('Audio').getByRole('button')).toHaveCount(1);
  await own('Audio').getByRole('combobox').selectOption('German');
  await expect(own('Audio').getByRole('button', { name: 'Remove German' })).toBeVisible();
  await expectAccessible(page);
  for (const [kind, language] of [
    ['Audio', 'German'],
    ['Audio', 'English'],
    ['Subtitles', 'French']
  ] as const) {
    await own(kind)
      .getByRole('button', { name: `Remove ${language}` })
      .click();
    await expect(own(kind).getByRole('button', { name: `Remove ${language}` })).toBeHidden();
  }
  await expect(page.getByText('Nothing found')).toBeVisible();
  await page.reload();
  await expect(page.getByText('Nothing found')).toBeVisible();
  if (isMobile) await page.getByText('What is required').click();
  await page.getByText('Per library').click();
  await page.getByRole('checkbox', { name: 'Movies · Attic' }).uncheck();
  await expect.poll(() => countOf(page)).toBe(all);
});
