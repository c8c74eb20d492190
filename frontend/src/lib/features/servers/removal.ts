import type { ServerRemoval } from '#lib/api/types.ts';
import { plural } from '#lib/format/words.ts';

type Impact = ServerRemoval['consequences'][number];

const sentences: Record<Impact['kind'], (count: number) => string> = {
  libraries: (count) => `Forgotten here, and kept there: ${plural(count, 'library', 'libraries')}`,
  users: (count) => `Forgotten here, and kept there: ${plural(count, 'account')}`,
  identities: (count) => `Left without an account we know of: ${plural(count, 'person', 'people')}`,
  invitations: (count) => `No longer giving this server: ${plural(count, 'invitation')}`,
  redemptions: (count) => `Joining it at this moment: ${plural(count, 'guest')}`
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
