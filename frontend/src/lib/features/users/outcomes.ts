import type { ActionResult, ServerDeletionPreview, User } from '#lib/api/types.ts';
import { reason, type Tone } from '#lib/format/status.ts';
import type { Outcome } from '#lib/ui/Outcomes.svelte';
import type { RevokeMethod } from './status.ts';
import { t } from './messages.ts';

export type Action = 'enable' | 'disable';

const reasonOf = (code: string | null): string => (code ? reason(code) : t.unknownReason);

interface Words {
  what: string;
  tone: Tone;
}

/** The label of each button; it depends on whether every server can disable accounts. */
export const verbOf = (action: Action, methods: RevokeMethod[]): string => {
  const taken = methods.includes('take');
  if (action === 'enable') return taken ? t.restoreAccess : t.enable;
  return taken ? t.removeAccess : t.disable;
};

const disabling: Record<RevokeMethod, (user: User) => string> = {
  disable: ({ username, enabled }) =>
    enabled ? t.willBeDisabled({ username }) : t.alreadyDisabled({ username }),
  take: ({ username, enabled, standing }) => {
    if (standing === 'left') return t.alreadyLeft({ username });
    if (!enabled) return t.alreadyNoAccess({ username });
    if (standing === 'pending') return t.invitationWithdrawn({ username });
    return t.sharesRemoved({ username });
  },
  none: ({ username }) => t.cannotDisable({ username })
};

/** What disabling will do to one account. */
export const foreseen = (user: User, method: RevokeMethod): Outcome => ({
  id: user.id,
  where: user.server_name,
  what: disabling[method](user),
  tone: method === 'none' ? 'warn' : 'plain'
});

const removals: Record<ServerDeletionPreview['outcome'], (one: ServerDeletionPreview) => Words> = {
  deleted: ({ username }) => ({
    what: t.willBeDeleted({ username }),
    tone: 'bad'
  }),
  unshared: ({ username }) => ({
    what: t.willBeUnshared({ username }),
    tone: 'bad'
  }),
  narrowed: ({ username }) => ({
    what: t.willBeNarrowed({ username }),
    tone: 'bad'
  }),
  gone: ({ username }) => ({
    what: t.alreadyGone({ username }),
    tone: 'plain'
  }),
  refused: ({ username }) => ({
    what: t.administratorKept({ username }),
    tone: 'warn'
  }),
  unsupported: ({ username }) => ({
    what: t.cannotDelete({ username }),
    tone: 'warn'
  }),
  failed: ({ username, error_code }) => ({
    what: t.cannotDeleteNow({ username, reason: reasonOf(error_code) }),
    tone: 'warn'
  })
};

export const foreseenRemoval = (one: ServerDeletionPreview): Outcome => ({
  id: one.user_id,
  where: one.server_name,
  ...removals[one.outcome](one)
});

type Sentence = (values: { username: string }) => string;

const changed: Record<Action, Record<RevokeMethod, Sentence>> = {
  enable: { disable: t.enabled, take: t.restored, none: t.unchangedUnsupported },
  disable: { disable: t.disabled, take: t.accessRemoved, none: t.unchangedUnsupported }
};
const unchanged: Record<Action, Sentence> = {
  enable: t.nothingToRestore,
  disable: t.nothingToRemove
};

/** The result of an action on one server. */
export function happened(result: ActionResult, action: Action, method: RevokeMethod): Outcome {
  const { username, error_code } = result;
  const words: Record<ActionResult['status'], Words> = {
    done: { what: changed[action][method]({ username }), tone: 'ok' },
    gone: { what: t.noLongerExisted({ username }), tone: 'plain' },
    nothing: { what: unchanged[action]({ username }), tone: 'plain' },
    unsupported: { what: t.unchangedUnsupported({ username }), tone: 'warn' },
    failed: { what: t.unchangedBecause({ username, reason: reasonOf(error_code) }), tone: 'bad' }
  };
  return { id: result.user_id, where: result.server_name, ...words[result.status] };
}

const removed: Partial<Record<ServerDeletionPreview['outcome'], Sentence>> = {
  gone: t.noLongerExisted,
  unshared: t.unshared,
  narrowed: t.narrowed
};

/**
 * The result of a deletion: the preview, less the accounts that still exist.
 * `left` are the accounts that the person still has.
 */
export function deleted(foreseen: ServerDeletionPreview[], left: User[]): Outcome[] {
  const still = new Set(left.map(({ id }) => id));
  return foreseen.map(({ user_id, server_name, username, outcome }) => {
    const base = { id: user_id, where: server_name };
    if (still.has(user_id)) return { ...base, what: t.stillExists({ username }), tone: 'bad' };
    return { ...base, what: (removed[outcome] ?? t.deleted)({ username }), tone: 'ok' };
  });
}

export const anyFailed = (results: ActionResult[]): boolean =>
  results.some(({ status }) => status === 'failed');
