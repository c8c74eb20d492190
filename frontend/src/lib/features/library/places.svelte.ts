import { createQueries, createQuery } from '@tanstack/svelte-query';
import { librariesQuery, serversQuery } from '#lib/state/servers.ts';
import { t } from './titles/messages.ts';

export interface Option {
  value: string;
  label: string;
}

/** The servers and libraries that a list can be narrowed to. */
export function createPlaces() {
  const servers = createQuery(serversQuery);
  const libraries = createQueries(() => ({
    queries: (servers.data ?? []).map(({ id }) => librariesQuery(id))
  }));
  return {
    get servers(): Option[] {
      const all = (servers.data ?? []).map(({ id, name }) => ({ value: id, label: name }));
      return [{ value: '', label: t.allServers }, ...all];
    },
    /** Of one server, or of all of them. */
    libraries(serverId: string | null): Option[] {
      const all = (servers.data ?? []).flatMap((server, index) =>
        (libraries[index]?.data ?? []).map(({ id, name }) => ({
          server: server.id,
          value: id,
          label: serverId ? name : t.libraryOn({ library: name, server: server.name })
        }))
      );
      const chosen = all.filter(({ server }) => !serverId || server === serverId);
      return [
        { value: '', label: t.allLibraries },
        ...chosen.map(({ value, label }) => ({ value, label }))
      ];
    }
  };
}
