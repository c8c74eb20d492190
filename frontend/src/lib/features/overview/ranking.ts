interface Named {
  label: string;
  hint?: string;
}

const plain = (text: string): string => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();

/** How well a command fits what is typed: the beginning of its name first; null when it does not. */
export function rankOf({ label, hint = '' }: Named, query: string): number | null {
  const [name, other, wanted] = [plain(label), plain(hint), plain(query)];
  if (name.startsWith(wanted)) return 0;
  if (name.split(/[\s@._-]+/).some((word) => word.startsWith(wanted))) return 1;
  if (name.includes(wanted)) return 2;
  return other.includes(wanted) ? 3 : null;
}

/** What fits, the best first; of equals the order stays. */
export const ranked = <T extends Named>(all: T[], query: string): T[] =>
  all
    .map((one) => ({ one, rank: rankOf(one, query) }))
    .filter((entry): entry is { one: T; rank: number } => entry.rank !== null)
    .toSorted((one, other) => one.rank - other.rank)
    .map(({ one }) => one);
