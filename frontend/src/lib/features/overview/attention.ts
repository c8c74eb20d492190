import type { Identity, Invitation, Run, Server } from '#lib/api/types.ts';
import { isWithinDays, relative } from '#lib/format/dates.ts';
import { serverSentence, serverStatus, type Tone } from '#lib/format/status.ts';
import { humanize, plural } from '#lib/format/words.ts';

/** Something that wants the operator, and the one thing to do about it. */
export interface Matter {
  id: string;
  tone: Tone;
  title: string;
  text: string;
  action: string;
  href: string;
}

export function serverMatters(servers: Server[], now: number): Matter[] {
  return servers
    .filter((server) => server.enabled)
    .map((server) => ({ server, status: serverStatus(server, now) }))
    .filter(({ status }) => status.tone === 'bad' || status.tone === 'warn')
    .map(({ server, status }) => ({
      id: `server-${server.id}`,
      tone: status.tone,
      title: `${server.name}: ${status.label.toLowerCase()}`,
      text: serverSentence(server, now),
      action: server.state === 'unauthorized' ? 'Store a new key' : 'Look at it',
      href: `/servers/${server.id}`
    }));
}

const nameOf = ({ label, code }: Invitation): string => label ?? code;

/** At most a tenth of its uses is left, and it was made for several. */
const isNearlyUsedUp = ({ max_uses, use_count }: Invitation): boolean =>
  max_uses !== null && max_uses > 1 && max_uses - use_count <= Math.max(1, max_uses / 10);

function invitationMatter(invitation: Invitation, now: number): Matter | null {
  const base = { id: `invitation-${invitation.id}`, tone: 'warn' as const };
  const page = `/invitations/${invitation.id}`;
  if (invitation.gaps.length) {
    const title = `“${nameOf(invitation)}” gives less than it names`;
    const text = 'A server is switched off, or a library is missing.';
    return { ...base, title, text, action: 'See what is left', href: page };
  }
  if (isNearlyUsedUp(invitation)) {
    const left = (invitation.max_uses ?? 0) - invitation.use_count;
    const title = `“${nameOf(invitation)}” is nearly used up`;
    return {
      ...base,
      title,
      text: `${plural(left, 'use')} left.`,
      action: 'Allow more',
      href: `${page}/edit`
    };
  }
  if (isWithinDays(invitation.expires_at, 3, now)) {
    const title = `“${nameOf(invitation)}” expires ${relative(invitation.expires_at ?? '', now)}`;
    const text = invitation.use_count ? 'After that the link is dead.' : 'Nobody has used it yet.';
    return { ...base, title, text, action: 'Extend', href: `${page}/edit` };
  }
  return null;
}

export const invitationMatters = (invitations: Invitation[], now: number): Matter[] =>
  invitations.map((one) => invitationMatter(one, now)).filter((matter) => matter !== null);

export const personMatters = (people: Identity[], now: number): Matter[] =>
  people.map((person) => ({
    id: `person-${person.id}`,
    tone: 'plain',
    title: `${person.display_name}’s access ends ${person.expires_at ? relative(person.expires_at, now) : 'in part soon'}`,
    text: 'Then they can no longer sign in; nothing of theirs is deleted.',
    action: 'Extend',
    href: `/people/${person.id}`
  }));

const DAY = 86_400_000;

/** The jobs whose latest run, within a day, has failed. */
export function runMatters(runs: Run[], now: number): Matter[] {
  const latest = new Map<string, Run>();
  for (const run of runs) if (!latest.has(run.name)) latest.set(run.name, run);
  return [...latest.values()]
    .filter(({ status, created_at }) => status === 'failed' && now - Date.parse(created_at) < DAY)
    .map((run) => ({
      id: `run-${run.id}`,
      tone: 'bad',
      title: `${humanize(run.name)} failed ${relative(run.created_at, now)}`,
      text: run.detail ?? 'The run says why.',
      action: 'See the run',
      href: '/jobs'
    }));
}
