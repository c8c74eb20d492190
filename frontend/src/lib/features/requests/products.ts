import type { Seerr } from '#lib/api/types.ts';
import { t } from './messages.ts';

const names = { seerr: t.seerr, jellyseerr: t.jellyseerr, overseerr: t.overseerr };

/** What the connected program is called. */
export const productName = (product: Seerr['product'] | undefined): string =>
  product ? names[product] : t.seerr;
