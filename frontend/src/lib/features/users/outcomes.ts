import type { ActionResult, ServerDeletionPreview, User } from '#lib/api/types.ts';
import { reason, type Tone } from '#lib/format/status.ts';
import type { Outcome } from '#lib/ui/Outcomes.svelte';
import type { RevokeMethod } from './status.ts';

export type Action = 'enable' | 'disable';

const because = (code: string | null): string => (code ? `: ${reason(code)}` : '');

interface Words {
  what: string;
  tone: Tone;
}

/** What each button says, where every server can disable and where one cannot. */
export const verbOf = (action: Action, methods: RevokeMethod[]): string => {
  const taken = methods.includes('take');
  if (action === 'enable') return taken ? 'Give access back' : 'Enable';
  return taken ? 'Take access away' : 'Disable';
};

const disabling: Record<RevokeMethod, (user: User) => string> = {
  disable: ({ username, enabled }) =>
    enabled
      ? `${username} will be disabled: no sign-in, and nothing of theirs is lost`
      : `${username} is disabled already`,
  take: ({ username, enabled, standing }) => {
    if (standing === 'left') return `${username} has left; there is nothing to take`;
    if (!enabled) return `${username} sees nothing of it already`;
    if (standing === 'pending') return `The invitation of ${username} is withdrawn, and remembered`;
    return `The libraries are no longer shared with ${username}. Which they were is remembered, so that one click gives them back; the friendship stays`;
  },
  none: ({ username }) => `${username} stays as it is: this server cannot do it`
};

/** What keeping someone out will do to one account. */
export const foreseen = (user: User, method: RevokeMethod): Outcome => ({
  id: user.id,
  where: user.server_name,
  what: disabling[method](user),
  tone: method === 'none' ? 'warn' : 'plain'
});

const removals: Record<ServerDeletionPreview['outcome'], (one: ServerDeletionPreview) => Words> = {
  deleted: ({ username }) => ({
    what: `${username} will be deleted, with its history and settings`,
    tone: 'bad'
  }),
  unshared: ({ username }) => ({
    what: `Nothing of it is shared with ${username} any more, and nothing is remembered. Their own Plex account stays, and so does the friendship`,
    tone: 'bad'
  }),
  narrowed: ({ username }) => ({
    what: `${username} keeps what they had before the invitation, and loses the rest`,
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

export const foreseenRemoval = (one: ServerDeletionPreview): Outcome => ({
  id: one.user_id,
  where: one.server_name,
  ...removals[one.outcome](one)
});

const changed: Record<Action, Record<RevokeMethod, string>> = {
  enable: { disable: 'is enabled', take: 'has access again', none: 'is let in' },
  disable: { disable: 'is disabled', take: 'has no access any more', none: 'is kept out' }
};
const unchanged: Record<Action, string> = {
  enable: 'left, or nothing is remembered that could be given back',
  disable: 'had no access that could be taken'
};

/** What became of an action on one server. */
export function happened(result: ActionResult, action: Action, method: RevokeMethod): Outcome {
  const { username, error_code } = result;
  const words: Record<ActionResult['status'], Words> = {
    done: { what: `${username} ${changed[action][method]}`, tone: 'ok' },
    gone: { what: `${username} was not there any more`, tone: 'plain' },
    nothing: { what: `${username} ${unchanged[action]}`, tone: 'plain' },
    unsupported: { what: `${username} is as it was: this server cannot do it`, tone: 'warn' },
    failed: { what: `${username} is as it was${because(error_code)}`, tone: 'bad' }
  };
  return { id: result.user_id, where: result.server_name, ...words[result.status] };
}

const removed: Partial<Record<ServerDeletionPreview['outcome'], string>> = {
  gone: 'was not there any more',
  unshared: 'is shared nothing of it any more',
  narrowed: 'has what they had before, and no more'
};

/**
 * What became of a deletion that was tried: what was foreseen, less what is still there.
 * `left` are the accounts that the person still has.
 */
export function deleted(foreseen: ServerDeletionPreview[], left: User[]): Outcome[] {
  const still = new Set(left.map(({ id }) => id));
  return foreseen.map(({ user_id, server_name, username, outcome }) => {
    const base = { id: user_id, where: server_name };
    if (still.has(user_id)) return { ...base, what: `${username} is still there`, tone: 'bad' };
    return { ...base, what: `${username} ${removed[outcome] ?? 'is deleted'}`, tone: 'ok' };
  });
}

export const anyFailed = (results: ActionResult[]): boolean =>
  results.some(({ status }) => status === 'failed');
