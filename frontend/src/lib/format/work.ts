import { humanize } from './names.ts';
import { t } from './work_messages.ts';

interface WorkText {
  name: string;
  hint?: string;
}

const texts: Partial<Record<string, WorkText>> = {
  end_access: { name: t.endAccess, hint: t.endAccessHint },
  check_servers: { name: t.checkServers, hint: t.checkServersHint },
  sync_servers: { name: t.syncServers, hint: t.syncServersHint },
  begin_redemptions: { name: t.beginRedemptions, hint: t.beginRedemptionsHint },
  retry_redemptions: { name: t.retryRedemptions, hint: t.retryRedemptionsHint },
  follow_shares: { name: t.followShares, hint: t.followSharesHint },
  remove_leftovers: { name: t.removeLeftovers, hint: t.removeLeftoversHint },
  back_up: { name: t.backUp, hint: t.backUpHint },
  tidy_up: { name: t.tidyUp, hint: t.tidyUpHint },
  sync_catalogues: { name: t.syncCatalogues, hint: t.syncCataloguesHint },
  sync_requests: { name: t.syncRequests, hint: t.syncRequestsHint },
  'requests.sync': { name: t.requestSync },
  'requests.look-up': { name: t.titleLookUp },
  'catalogue.sync': { name: t.catalogueSync },
  'catalogue.sync-server': { name: t.catalogueSync },
  'servers.sync': { name: t.serverSync },
  'invitations.redeem': { name: t.redemption }
};

/** The workflow of a job has the job's name after a prefix. */
const textOf = (name: string) => texts[name.replace(/^jobs\./, '')];

/** The name of a job, a run or a workflow; of one that has no text, the API's word for it. */
export const workName = (name: string): string => textOf(name)?.name ?? humanize(name);

export const workHint = (name: string, description: string): string =>
  textOf(name)?.hint ?? description;
