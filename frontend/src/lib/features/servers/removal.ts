import type { ServerRemoval } from '#lib/api/types.ts';
import { t } from './messages.ts';

type Impact = ServerRemoval['consequences'][number];

const sentences: Record<Impact['kind'], (count: number) => string> = {
  libraries: t.removedLibraries,
  users: t.removedUsers,
  identities: t.removedIdentities,
  invitations: t.removedInvitations,
  redemptions: t.joiningNow,
  leftovers: t.removedLeftovers
};

export interface Line {
  text: string;
  blocks: boolean;
  names: string[];
}

/** What goes with a server, line by line, with names where there are any. */
export const linesOf = ({ consequences }: ServerRemoval): Line[] =>
  consequences
    .filter(({ count }) => count > 0)
    .map(({ kind, count, blocks, items }) => ({
      text: sentences[kind](count),
      blocks,
      names: items.map(({ name, note }) => (note ? `${name}: ${note}` : name))
    }));
