import { createQuery } from '@tanstack/svelte-query';
import { serversQuery } from '#lib/state/servers.ts';
import { summaryQuery } from './queries.ts';
import { t } from './titles/messages.ts';

export interface Option {
  value: string;
  label: string;
}

/** The servers, and the libraries with titles, that a list can be narrowed to. */
export function createPlaces() {
  const servers = createQuery(serversQuery);
  const summary = createQuery(summaryQuery);
  return {
    get servers(): Option[] {
      const all = (servers.data ?? []).map(({ id, name }) => ({ value: id, label: name }));
      return [{ value: '', label: t.allServers }, ...all];
    },
    /** Of one server, or of all of them. */
    libraries(serverId: string | null): Option[] {
      const chosen = (summary.data?.libraries ?? []).filter(
        ({ server_id }) => !serverId || server_id === serverId
      );
      const options = chosen.map(({ library_id, library, server }) => ({
        value: library_id,
        label: serverId ? library : t.libraryOn({ library, server })
      }));
      options.sort((one, other) => one.label.localeCompare(other.label));
      return [{ value: '', label: t.allLibraries }, ...options];
    }
  };
}
