import type { Identity, JobPage, Leftover } from '#lib/api/types.ts';
import { absolute } from '#lib/format/dates.ts';
import { list } from '#lib/format/words.ts';
import { relative } from '#lib/format/relative.ts';
import { workName } from '#lib/format/work.ts';
import { jobItems, type AttentionItem } from './attention.ts';
import { t } from './messages.ts';

/** Work that crashed the process several times and is not run any more. */
export const setAsideItems = ({ set_aside }: JobPage, now: number): AttentionItem[] =>
  set_aside.map(({ id, name, crashes, set_aside_at }) => ({
    id: `set-aside-${id}`,
    tone: 'bad',
    title: t.setAside({ name: workName(name) }),
    text: set_aside_at
      ? t.setAsideWhen(crashes, { when: relative(set_aside_at, now) })
      : t.setAsideHint(crashes),
    action: t.view,
    href: '/jobs',
    run: { kind: 'retry', id, label: t.tryAgain, done: t.triedAgain({ name: workName(name) }) }
  }));

/** The clock of the machine was ahead, and jobs ran too early. */
export const clockItems = ({ clock_ahead_until }: JobPage): AttentionItem[] =>
  clock_ahead_until
    ? [
        {
          id: 'clock',
          tone: 'warn',
          title: t.clockWentBack,
          text: t.clockHint({ moment: absolute(clock_ahead_until) }),
          action: t.view,
          href: '/jobs'
        }
      ]
    : [];

/** What the jobs page has that needs attention. */
export const workItems = (page: JobPage, now: number): AttentionItem[] => [
  ...setAsideItems(page, now),
  ...clockItems(page),
  ...jobItems(page.items, now)
];

/** People with access that ended too early because the clock was wrong. */
export const endedEarlyItems = (people: Identity[]): AttentionItem[] =>
  people.map(({ id, display_name: name, users }) => {
    const early = users.filter(({ ended_early }) => ended_early);
    const until = early.map(({ expires_at }) => expires_at ?? '').toSorted();
    return {
      id: `early-${id}`,
      tone: 'bad',
      title: t.endedEarly({ name }),
      text: t.endedEarlyHint({
        names: list(early.map(({ server_name }) => server_name)),
        moment: absolute(until.at(-1) ?? '')
      }),
      action: t.view,
      href: `/people/${id}`,
      run: { kind: 'enable', id, label: t.giveBack, done: t.givenBack({ name }) }
    };
  });

/** Accounts that may be left on servers: one row for all of them. */
export function leftoverItems(leftovers: Leftover[]): AttentionItem[] {
  if (!leftovers.length) return [];
  const servers = [...new Set(leftovers.map(({ server_name }) => server_name))];
  return [
    {
      id: 'leftovers',
      tone: 'warn',
      title: t.leftovers(leftovers.length, { names: list(servers) }),
      text: t.leftoversHint,
      action: t.view,
      href: '/jobs'
    }
  ];
}
