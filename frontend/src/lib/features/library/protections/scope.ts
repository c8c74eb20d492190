import type { Preset, ProtectionScope } from '#lib/api/types.ts';
import { t } from './messages.ts';

/** A part of a show that can be protected by itself. */
export interface Part {
  season: number;
  number?: number;
}

interface Named {
  id: string;
  name: string;
}

/** What one protection is for: a part of a show, or a library. */
export interface Target {
  name: string;
  kind: Preset['scopes'][number];
  scope: ProtectionScope;
}

export const partName = ({ season, number }: Part): string =>
  number === undefined ? t.season({ season }) : t.episode({ season, number });

export const partOf = ({ id, name }: Named, part: Part): Target => ({
  name: `${name} ${partName(part)}`,
  kind: part.number === undefined ? 'season' : 'episode',
  scope: { title_id: id, ...part }
});

export const libraryOf = (library: {
  library_id: string;
  library: string;
  server: string;
}): Target => ({
  name: t.libraryOn({ library: library.library, server: library.server }),
  kind: 'library',
  scope: { library_id: library.library_id }
});
