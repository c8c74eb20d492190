import type { ActionResult, ForeseenRemoval, User } from '#lib/api/types.ts';
import { reason, type Tone } from '#lib/format/status.ts';
import type { Outcome } from '#lib/ui/Outcomes.svelte';

export type Action = 'enable' | 'disable';

const done: Record<Action, string> = { enable: 'enabled', disable: 'disabled' };
const because = (code: string | null): string => (code ? `: ${reason(code)}` : '');

interface Words {
  what: string;
  tone: Tone;
}

/** What enabling or disabling will do to one account. */
export function foreseen(user: User, action: Action): Outcome {
  const alike = user.enabled === (action === 'enable');
  const what = alike ? `is ${done[action]} already` : `will be ${done[action]}`;
  return { id: user.id, where: user.server_name, what: `${user.username} ${what}`, tone: 'plain' };
}

const removals: Record<ForeseenRemoval['outcome'], (one: ForeseenRemoval) => Words> = {
  deleted: ({ username }) => ({
    what: `${username} will be deleted, with its history and settings`,
    tone: 'bad'
  }),
  gone: ({ username }) => ({
    what: `${username} is not there any more; it is only forgotten here`,
    tone: 'plain'
  }),
  refused: ({ username }) => ({
    what: `${username} is an administrator and is left alone`,
    tone: 'warn'
  }),
  unsupported: ({ username }) => ({
    what: `${username} stays: this server cannot delete accounts`,
    tone: 'warn'
  }),
  failed: ({ username, error_code }) => ({
    what: `${username} cannot be deleted now${because(error_code)}`,
    tone: 'warn'
  })
};

export const foreseenRemoval = (one: ForeseenRemoval): Outcome => ({
  id: one.user_id,
  where: one.server_name,
  ...removals[one.outcome](one)
});

/** What became of an action on one server. */
export function happened(result: ActionResult, action: Action): Outcome {
  const words: Record<ActionResult['status'], Words> = {
    done: { what: `${result.username} is ${done[action]}`, tone: 'ok' },
    gone: { what: `${result.username} was not there any more`, tone: 'plain' },
    unsupported: {
      what: `${result.username} is as it was: this server cannot do it`,
      tone: 'warn'
    },
    failed: { what: `${result.username} is as it was${because(result.error_code)}`, tone: 'bad' }
  };
  return { id: result.user_id, where: result.server_name, ...words[result.status] };
}

/**
 * What became of a deletion that was tried: what was foreseen, less what is still there.
 * `left` are the accounts that the person still has.
 */
export function deleted(foreseen: ForeseenRemoval[], left: User[]): Outcome[] {
  const still = new Set(left.map(({ id }) => id));
  return foreseen.map(({ user_id, server_name, username, outcome }) => {
    const base = { id: user_id, where: server_name };
    if (still.has(user_id)) return { ...base, what: `${username} is still there`, tone: 'bad' };
    const what = outcome === 'gone' ? 'was not there any more' : 'is deleted';
    return { ...base, what: `${username} ${what}`, tone: 'ok' };
  });
}

export const anyFailed = (results: ActionResult[]): boolean =>
  results.some(({ status }) => status === 'failed');
