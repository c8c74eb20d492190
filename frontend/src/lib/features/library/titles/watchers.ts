import type { TitleDetail } from '#lib/api/types.ts';

/** What one account did with a title, over all of its episodes. */
export interface Watcher {
  key: string;
  account: string;
  server: string;
  played: number;
  /** How many episodes its server has. */
  total: number;
  begun: boolean;
  favourite: boolean;
  lastPlayedAt: string | null;
}

/** Who has watched any of it or likes it; the latest first. */
export function watchersOf({ watched_by, leaves, copies }: TitleDetail): Watcher[] {
  const serverOf = new Map(copies.map((copy) => [copy.library_id, copy.server_id]));
  const nameOf = new Map(copies.map((copy) => [copy.server_id, copy.server]));
  const leavesOn = Map.groupBy(leaves, ({ library_id }) => serverOf.get(library_id));
  const accounts = Map.groupBy(watched_by, (one) => `${one.server_id}/${one.account_id}`);
  return [...accounts]
    .flatMap(([key, facts]): Watcher[] => {
      const [first] = facts;
      if (!first) return [];
      const dates = facts.flatMap(({ last_played_at }) => last_played_at ?? []).toSorted();
      return [
        {
          key,
          account: first.account ?? first.account_id,
          server: nameOf.get(first.server_id) ?? '',
          played: facts.filter(({ played }) => played).length,
          total: leavesOn.get(first.server_id)?.length ?? 0,
          begun: facts.some(({ position }) => Boolean(position)),
          favourite: facts.some(({ favourite }) => favourite),
          lastPlayedAt: dates.at(-1) ?? null
        }
      ];
    })
    .filter(({ played, begun, favourite, lastPlayedAt }) =>
      Boolean(played || begun || favourite || lastPlayedAt)
    )
    .toSorted((one, other) => (other.lastPlayedAt ?? '').localeCompare(one.lastPlayedAt ?? ''));
}
