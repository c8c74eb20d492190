import type { Ability, Identity, User } from '#lib/api/types.ts';
import { accessStatus, type Status } from '#lib/format/status.ts';
import { t } from './messages.ts';

const pending: Status = { label: t.statusPending, tone: 'warn' };
const left: Status = { label: t.statusLeft, tone: 'bad' };
const taken: Status = { label: t.statusRemoved, tone: 'bad' };
const endedEarly: Status = { label: t.statusEndedEarly, tone: 'warn' };
const missing: Status = { label: t.statusMissing, tone: 'warn' };

/** How one account stands: what its server says first, then what we gave. */
export function accountStatus(user: User, now = Date.now()): Status {
  if (user.missing_since) return missing;
  if (user.ended_early) return endedEarly;
  if (user.access_taken) return taken;
  if (user.standing === 'left') return left;
  if (user.standing === 'pending' && user.enabled) return pending;
  return accessStatus(user, now);
}

/** How a person stands; of one who is let in nowhere yet, why. */
export function personStatus(person: Identity, now = Date.now()): Status {
  if (person.ended_early) return endedEarly;
  const { users } = person;
  const inside = users.filter(({ enabled }) => enabled);
  if (inside.length && inside.every(({ standing }) => standing === 'pending')) return pending;
  const out = users.length > 0 && !inside.length;
  if (out && users.every(({ standing }) => standing === 'left')) return left;
  return accessStatus(person, now);
}

/** A word for what is not as usual with an account, for where there is little room. */
function remarkOf(user: User): string | null {
  if (user.access_taken) return t.remarkRemoved;
  if (user.standing === 'left') return 'left';
  return user.standing === 'pending' && user.enabled ? t.remarkPending : null;
}

/** The servers someone has accounts on; with a word where it is not simply one. */
export const accountsOf = (person: Identity): string[] =>
  person.users.map((user) => {
    const remark = person.users.length > 1 ? remarkOf(user) : null;
    return remark ? `${user.server_name} (${remark})` : user.server_name;
  });

/** How access ends on a server: the account is disabled, or what it sees is taken from it. */
export type RevokeMethod = 'disable' | 'take' | 'none';

export function revokeMethodOf(abilities: readonly Ability[]): RevokeMethod {
  if (abilities.includes('enable_disable_user')) return 'disable';
  return abilities.includes('library_access') ? 'take' : 'none';
}

/** Whether letting the person in again can do something for this account. */
export const canComeBack = ({ enabled, standing, missing_since }: User): boolean =>
  !enabled && standing !== 'left' && !missing_since;
