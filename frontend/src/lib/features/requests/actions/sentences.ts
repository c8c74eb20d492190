import type { RequestBulkItem } from '#lib/api/types.ts';

/** Each sentence once, in the order of the requests. */
export const sentencesOf = (items: Pick<RequestBulkItem, 'consequences'>[]): string[] => [
  ...new Set(items.flatMap(({ consequences }) => consequences.map(({ sentence }) => sentence)))
];
