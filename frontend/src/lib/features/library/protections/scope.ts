import type { ProtectionScope } from '#lib/api/types.ts';
import { t } from './messages.ts';

/** A part of a show that can be protected by itself. */
export interface Part {
  season: number;
  number?: number;
}

export const partName = ({ season, number }: Part): string =>
  number === undefined ? t.season({ season }) : t.episode({ season, number });

export const kindOf = ({ number }: Part): 'season' | 'episode' =>
  number === undefined ? 'season' : 'episode';

export const scopeOf = (title_id: string, part: Part): ProtectionScope => ({ title_id, ...part });
