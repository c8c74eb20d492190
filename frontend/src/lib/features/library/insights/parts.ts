import type { Copy, FindingPart } from '#lib/api/types.ts';
import { list } from '#lib/format/words.ts';
import { t } from './messages.ts';

type Place = Pick<Copy, 'library_id' | 'library' | 'server'>;

/** The libraries of a part, where its title lies in several: "in Films · Attic". */
export function placesOf(
  { library_ids }: Pick<FindingPart, 'library_ids'>,
  copies: Place[]
): string {
  const places = new Map(copies.map((copy) => [copy.library_id, copy]));
  if (places.size < 2) return '';
  const names = library_ids.flatMap((id) => {
    const place = places.get(id);
    return place ? [t.copy({ library: place.library, server: place.server })] : [];
  });
  return names.length ? t.inLibraries({ libraries: list(names) }) : '';
}
