import { humanize } from '#lib/format/names.ts';
import { t } from './messages.ts';

interface JobText {
  name: string;
  hint?: string;
}

const texts: Partial<Record<string, JobText>> = {
  end_access: { name: t.endAccess, hint: t.endAccessHint },
  check_servers: { name: t.checkServers, hint: t.checkServersHint },
  sync_servers: { name: t.syncServers, hint: t.syncServersHint },
  begin_redemptions: { name: t.beginRedemptions, hint: t.beginRedemptionsHint },
  retry_redemptions: { name: t.retryRedemptions, hint: t.retryRedemptionsHint },
  follow_shares: { name: t.followShares, hint: t.followSharesHint },
  remove_leftovers: { name: t.removeLeftovers, hint: t.removeLeftoversHint },
  tidy_up: { name: t.tidyUp, hint: t.tidyUpHint }
};
const runs: Partial<Record<string, string>> = { 'servers.sync': t.serverSync };

/** The name of a job or a run; of one that has no text, the word the API has for it. */
export const jobName = (name: string): string => texts[name]?.name ?? runs[name] ?? humanize(name);

export const jobHint = (name: string, description: string): string =>
  texts[name]?.hint ?? description;
