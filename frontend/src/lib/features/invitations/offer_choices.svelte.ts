import { createQueries, createQuery } from '@tanstack/svelte-query';
import { librariesQuery, serversQuery, serverTypesQuery } from '#lib/state/servers.ts';

/**
 * What can be chosen in the form. It opens when all of it is loaded, so that nothing in it moves;
 * from then on it stays open, whatever is loaded anew.
 */
export function offerChoices() {
  const servers = createQuery(serversQuery);
  const types = createQuery(serverTypesQuery);
  const libraries = createQueries(() => ({
    queries: (servers.data ?? []).map(({ id }) => librariesQuery(id))
  }));
  let opened = false;
  const ready = $derived(
    (opened ||= !servers.isPending && ![types, ...libraries].some((one) => one.isPending))
  );
  return {
    servers,
    get ready() {
      return ready;
    }
  };
}
