import type { FileVersion, Leaf } from '#lib/api/types.ts';

/** An episode, wherever it lies. */
export interface Episode {
  key: string;
  number: number | null;
  name: string;
  leaves: Leaf[];
  size: number;
}

export interface Season {
  key: string;
  number: number | null;
  episodes: Episode[];
  size: number;
}

/** The files of some leaves, each once: two servers may hold the same one. */
export function filesOf(leaves: Leaf[]): FileVersion[] {
  const files = new Map<string, FileVersion>();
  for (const file of leaves.flatMap((leaf) => leaf.files)) {
    files.set(`${file.size} ${file.path || file.id}`, file);
  }
  return [...files.values()];
}

export const sizeOf = (files: FileVersion[]): number =>
  files.reduce((sum, { size }) => sum + (size ?? 0), 0);

const byNumber = (one: { number: number | null }, other: { number: number | null }): number =>
  (one.number ?? Infinity) - (other.number ?? Infinity) || 0;

/** Specials, which are season 0, come last. */
const bySeason = (one: Season, other: Season): number =>
  (one.number || Infinity) - (other.number || Infinity) || byNumber(one, other);

export function seasonsOf(leaves: Leaf[]): Season[] {
  const seasons = Map.groupBy(leaves, ({ season }) => season);
  return [...seasons]
    .map(([number, all]) => {
      const episodes = Map.groupBy(all, (leaf) => leaf.number ?? leaf.name);
      return {
        key: String(number),
        number,
        size: sizeOf(filesOf(all)),
        episodes: [...episodes]
          .map(([key, same]) => ({
            key: String(key),
            number: same[0]?.number ?? null,
            name: same[0]?.name ?? '',
            leaves: same,
            size: sizeOf(filesOf(same))
          }))
          .toSorted(byNumber)
      };
    })
    .toSorted(bySeason);
}
