import type { JoinPage } from '#lib/api/types.ts';
import { list } from '#lib/format/words.ts';
import { t } from './messages.ts';

/** Only what a guest notices: that a limit is not kept is for those who invite. */
const noticed: Partial<Record<string, string>> = {
  can_download: t.downloads,
  can_watch_live_tv: t.liveTv,
  can_access_remotely: t.fromOutside
};

/** "Attic does not offer downloads.": what was meant to be given, and a server cannot give. */
export function gapSentences({ gaps }: Pick<JoinPage, 'gaps'>): string[] {
  const byServer = new Map<string, string[]>();
  for (const { name, permission } of gaps) {
    const what = permission && noticed[permission];
    if (what) byServer.set(name, [...(byServer.get(name) ?? []), what]);
  }
  return Array.from(byServer, ([name, what]) => t.notOffered({ name, what: list(what) }));
}
