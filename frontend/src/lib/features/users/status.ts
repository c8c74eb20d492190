import type { Ability, Identity, User } from '#lib/api/types.ts';
import { accessStatus, type Status } from '#lib/format/status.ts';
import { t } from './messages.ts';

const pending: Status = { label: t.statusPending, tone: 'warn' };
const left: Status = { label: t.statusLeft, tone: 'bad' };
const taken: Status = { label: t.statusRemoved, tone: 'bad' };
const endedEarly: Status = { label: t.statusEndedEarly, tone: 'warn' };
const missing: Status = { label: t.statusMissing, tone: 'warn' };

/** The status of one account: first what its server reports, then what was given. */
export function accountStatus(user: User, now = Date.now()): Status {
  if (user.missing_since) return missing;
  if (user.ended_early) return endedEarly;
  if (user.access_taken) return taken;
  if (user.standing === 'left') return left;
  if (user.standing === 'pending' && user.enabled) return pending;
  return accessStatus(user, now);
}

/** The status of a person; of one without any access, why. */
export function personStatus(person: Identity, now = Date.now()): Status {
  if (person.ended_early) return endedEarly;
  const { users } = person;
  const inside = users.filter(({ enabled }) => enabled);
  if (inside.length && inside.every(({ standing }) => standing === 'pending')) return pending;
  const out = users.length > 0 && !inside.length;
  if (out && users.every(({ standing }) => standing === 'left')) return left;
  return accessStatus(person, now);
}

/** A word for what is unusual about an account, where there is little room. */
function remarkOf(user: User): string | null {
  if (user.access_taken) return t.remarkRemoved;
  if (user.standing === 'left') return 'left';
  return user.standing === 'pending' && user.enabled ? t.remarkPending : null;
}

/** The servers a person has accounts on, each with a word where something is unusual. */
export const accountsOf = (person: Identity): string[] =>
  person.users.map((user) => {
    const remark = person.users.length > 1 ? remarkOf(user) : null;
    return remark ? `${user.server_name} (${remark})` : user.server_name;
  });

/** How access ends on a server: the account is disabled, or its libraries are unshared. */
export type RevokeMethod = 'disable' | 'take' | 'none';

export function revokeMethodOf(abilities: readonly Ability[]): RevokeMethod {
  if (abilities.includes('enable_disable_user')) return 'disable';
  return abilities.includes('library_access') ? 'take' : 'none';
}

/** Whether enabling the person can change something for this account. */
export const canComeBack = ({ enabled, standing, missing_since }: User): boolean =>
  !enabled && standing !== 'left' && !missing_since;
