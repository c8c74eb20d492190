import { expect, test } from 'vitest';
import type { Identity, JobPage, Leftover, User } from '#lib/api/types.ts';
import { withoutActions } from './attention.ts';
import { endedEarlyItems, leftoverItems, workItems } from './attention_work.ts';

const now = Date.parse('2026-11-21T12:00:00Z');

const page = (change: Partial<JobPage>): JobPage => ({
  items: [],
  next_cursor: null,
  total: 0,
  set_aside: [],
  clock_ahead_until: null,
  ...change
});

test('work that was set aside can be tried again in its row', () => {
  const work = { id: 'w1', name: 'jobs.end_access', crashes: 3, set_aside_at: null };
  expect(workItems(page({ set_aside: [work] }), now)).toEqual([
    {
      id: 'set-aside-w1',
      tone: 'bad',
      title: '“End access” is set aside',
      text: 'Zondarr stopped 3 times while doing it. It is not run any more.',
      action: 'View',
      href: '/jobs',
      run: { kind: 'retry', id: 'w1', label: 'Try again', done: 'End access is tried again.' }
    }
  ]);
});

test('a clock that went back is shown until the time it had reached', () => {
  const [item] = workItems(page({ clock_ahead_until: '2026-11-21T14:00:00Z' }), now);
  expect(item).toMatchObject({ tone: 'warn', title: 'The clock of this machine went back' });
  expect(workItems(page({}), now)).toEqual([]);
});

test('access that was ended too early can be given back in its row, but not by a viewer', () => {
  const user = (server_name: string, ended_early: boolean) =>
    ({ server_name, ended_early, expires_at: '2026-12-01T12:00:00Z' }) as User;
  const users = [user('Attic', true), user('Den', false)];
  const ida = { id: 'p1', display_name: 'Ida', ended_early: true, users } as Identity;
  const [item] = endedEarlyItems([ida]);
  expect(item).toMatchObject({
    title: 'Ida’s access was ended too early',
    href: '/people/p1',
    run: { kind: 'enable', id: 'p1', label: 'Give back', done: 'Ida has access again.' }
  });
  expect(item?.text).toMatch(/^The clock was wrong when it was ended on Attic\./);
  expect(item && withoutActions(item).run).toBeUndefined();
});

test('accounts that may be left are one row that names their servers', () => {
  const on = (server_name: string) => ({ server_name }) as Leftover;
  expect(leftoverItems([])).toEqual([]);
  expect(leftoverItems([on('Attic'), on('Den'), on('Attic')])).toMatchObject([
    { title: '3 accounts may be left on Attic and Den', href: '/jobs' }
  ]);
});
