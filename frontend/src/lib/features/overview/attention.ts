import type { Identity, Invitation, Job, Redemption, Server } from '#lib/api/types.ts';
import { isWithinDays } from '#lib/format/moments.ts';
import { absolute } from '#lib/format/dates.ts';
import { relative } from '#lib/format/relative.ts';
import { reason, serverSentence, serverStatus, type Tone } from '#lib/format/status.ts';
import { workHint, workName } from '#lib/format/work.ts';
import { list } from '#lib/format/words.ts';
import { t } from './messages.ts';

/** Something that needs the operator's attention, and the one thing to do about it. */
export interface AttentionItem {
  id: string;
  tone: Tone;
  title: string;
  text: string;
  action: string;
  href: string;
  /** What can be done in the row itself; the page is then one click further. */
  extend?: { kind: 'invitation' | 'person'; id: string; name: string; until: string | null };
  moreUses?: { id: string; name: string; uses: number };
  run?: { kind: 'enable' | 'retry'; id: string; label: string; done: string };
}

export function serverItems(servers: Server[], now: number): AttentionItem[] {
  return servers
    .filter((server) => server.enabled)
    .map((server) => ({ server, status: serverStatus(server, now) }))
    .filter(({ status }) => status.tone === 'bad' || status.tone === 'warn')
    .map(({ server, status }) => ({
      id: `server-${server.id}`,
      tone: status.tone,
      title: t.serverState({ server: server.name, state: status.label }),
      text: serverSentence(server, now),
      action: server.state === 'unauthorized' ? t.enterNewKey : t.view,
      href: `/servers/${server.id}`
    }));
}

const nameOf = ({ label, code }: Invitation): string => label ?? code;

/** At most a tenth of its uses is left, and it was made for several. */
const isNearlyUsedUp = ({ max_uses, use_count }: Invitation): boolean =>
  max_uses !== null && max_uses > 1 && max_uses - use_count <= Math.max(1, max_uses / 10);

function invitationItem(invitation: Invitation, now: number): AttentionItem | null {
  const base = { id: `invitation-${invitation.id}`, tone: 'warn' as const };
  const page = `/invitations/${invitation.id}`;
  if (invitation.gaps.some(({ reason }) => reason !== 'permission_not_kept')) {
    const title = t.invitationIncomplete({ name: nameOf(invitation) });
    const text = t.invitationIncompleteHint;
    return { ...base, title, text, action: t.viewInvitation, href: page };
  }
  if (isNearlyUsedUp(invitation)) {
    const left = (invitation.max_uses ?? 0) - invitation.use_count;
    const title = t.nearlyUsedUp({ name: nameOf(invitation) });
    return {
      ...base,
      title,
      text: t.usesLeft(left),
      action: t.view,
      href: page,
      moreUses: { id: invitation.id, name: nameOf(invitation), uses: invitation.max_uses ?? 0 }
    };
  }
  if (isWithinDays(invitation.expires_at, 3, now)) {
    const title = t.invitationExpires({
      name: nameOf(invitation),
      when: relative(invitation.expires_at ?? '', now)
    });
    const text = invitation.use_count ? t.linkStops : t.neverUsed;
    const { id, expires_at: until } = invitation;
    const extend = { kind: 'invitation' as const, id, name: nameOf(invitation), until };
    return { ...base, title, text, action: t.view, href: page, extend };
  }
  return null;
}

export const invitationItems = (invitations: Invitation[], now: number): AttentionItem[] =>
  invitations.map((one) => invitationItem(one, now)).filter((item) => item !== null);

export const personItems = (people: Identity[], now: number): AttentionItem[] =>
  people.map((person) => ({
    id: `person-${person.id}`,
    tone: 'plain',
    title: person.expires_at
      ? t.accessEnds({ name: person.display_name, when: relative(person.expires_at, now) })
      : t.accessEndsPartly({ name: person.display_name }),
    text: t.accessEndsHint,
    action: t.view,
    href: `/people/${person.id}`,
    ...(person.expires_at && {
      extend: {
        kind: 'person' as const,
        id: person.id,
        name: person.display_name,
        until: person.expires_at
      }
    })
  }));

/** Jobs whose last run failed. */
export const jobItems = (jobs: Job[], now: number): AttentionItem[] =>
  jobs
    .filter(({ last_run }) => last_run?.status === 'failed')
    .map(({ name, description, last_run }) => ({
      id: `job-${name}`,
      tone: 'bad',
      title: last_run?.started_at
        ? t.jobFailedWhen({ name: workName(name), when: relative(last_run.started_at, now) })
        : t.jobFailed({ name: workName(name) }),
      text: workHint(name, description),
      action: t.view,
      href: '/jobs'
    }));

const DAYS_SHOWN = 3 * 86_400_000;

/** An invitation that waits in a mailbox for so long is shown, so that somebody asks. */
const PENDING_AFTER = 3 * 86_400_000;
const PENDING_UNTIL = 30 * 86_400_000;

const reasonsOf = ({ servers }: Redemption): string[] =>
  servers.flatMap(({ name, error_code }) =>
    error_code === null ? [] : [t.because({ server: name, reason: reason(error_code) })]
  );

const wentWrong = new Set<Redemption['status']>(['failed', 'undone', 'partial']);

/** The latest try of each guest: a failed one does not matter after one that worked. */
function latestTries(redemptions: Redemption[]): Redemption[] {
  const tries = new Map<string, Redemption>();
  for (const redemption of redemptions) {
    const guest = `${redemption.invitation_id} ${redemption.guest.toLowerCase()}`;
    if (!tries.has(guest)) tries.set(guest, redemption);
  }
  return [...tries.values()];
}

/** Whether a part that failed is tried again. */
function retryOf({ status, retry_until }: Redemption, now: number): string[] {
  if (status !== 'partial') return [];
  return retry_until && Date.parse(retry_until) > now
    ? [t.retried({ moment: absolute(retry_until) })]
    : [t.notRetried];
}

/** Guests of the last days who did not get in, or not everywhere. */
export const redemptionItems = (redemptions: Redemption[], now: number): AttentionItem[] =>
  latestTries(redemptions)
    .filter(({ status }) => wentWrong.has(status))
    .filter(({ created_at }) => now - Date.parse(created_at) < DAYS_SHOWN)
    .map((redemption) => ({
      id: `redemption-${redemption.id}`,
      tone: redemption.retry_until && Date.parse(redemption.retry_until) > now ? 'warn' : 'bad',
      title: (redemption.status === 'partial' ? t.joinFailedPartly : t.joinFailed)({
        guest: redemption.guest
      }),
      text: [
        ...reasonsOf(redemption),
        t.triedWhen({ when: relative(redemption.created_at, now) }),
        ...retryOf(redemption, now)
      ].join(' '),
      action: t.viewDetails,
      href: `/invitations/${redemption.invitation_id}`
    }));

const waits = ({ created_at }: Redemption, now: number): boolean => {
  const age = now - Date.parse(created_at);
  return age > PENDING_AFTER && age < PENDING_UNTIL;
};

/** More of them are one row: they are all in the same way, and none is urgent. */
const PENDING_SHOWN = 3;

interface Waiting {
  redemption: Redemption;
  pending: string[];
}

const pendingItem = ({ redemption, pending }: Waiting, now: number): AttentionItem => ({
  id: `pending-${redemption.id}`,
  tone: 'plain',
  title: t.notAccepted({ guest: redemption.guest, names: list(pending) }),
  text: t.notAcceptedHint({ when: relative(redemption.created_at, now) }),
  action: t.view,
  href: redemption.identity_id
    ? `/people/${redemption.identity_id}`
    : `/invitations/${redemption.invitation_id}`
});

const pendingTogether = (all: Waiting[]): AttentionItem => {
  const named = all.slice(0, PENDING_SHOWN).map(({ redemption }) => redemption.guest);
  const more = t.others(all.length - PENDING_SHOWN);
  return {
    id: 'pending',
    tone: 'plain',
    title: t.notAcceptedMany(all.length),
    text: t.notAcceptedNames({ names: list([...named, more]) }),
    action: t.viewPeople,
    href: '/people'
  };
};

/** Guests who were invited by mail days ago and have not accepted. */
export function pendingItems(redemptions: Redemption[], now: number): AttentionItem[] {
  const waiting = latestTries(redemptions)
    .filter((redemption) => waits(redemption, now))
    .map((redemption) => ({
      redemption,
      pending: redemption.servers
        .filter(({ status }) => status === 'pending')
        .map(({ name }) => name)
    }))
    .filter(({ pending }) => pending.length > 0);
  return waiting.length > PENDING_SHOWN
    ? [pendingTogether(waiting)]
    : waiting.map((one) => pendingItem(one, now));
}

/** Somebody who may only view gets no actions. */
export const withoutActions = ({ id, tone, title, text, href }: AttentionItem): AttentionItem => ({
  id,
  tone,
  title,
  text,
  action: t.view,
  href
});
