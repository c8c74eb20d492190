import { queryOptions } from '@tanstack/svelte-query';
import { SOON } from './queries.ts';
import { client, unwrap } from '../api/client.ts';
import type { Ability, ServerType } from '../api/types.ts';

/** All servers: few enough to be one page, and named nearly everywhere. */
export const serversQuery = () =>
  queryOptions({
    queryKey: ['servers'],
    queryFn: async () => {
      const query = { limit: 200, sort: 'name' };
      return (await unwrap(client.GET('/api/v1/servers', { params: { query } }))).items;
    },
    refetchInterval: SOON
  });

export const librariesQuery = (serverId: string) =>
  queryOptions({
    queryKey: ['servers', serverId, 'libraries'],
    queryFn: async () => {
      const params = { path: { id: serverId }, query: { limit: 200, sort: 'name' } };
      return (await unwrap(client.GET('/api/v1/servers/{id}/libraries', { params }))).items;
    }
  });

export const serverTypesQuery = () =>
  queryOptions({
    queryKey: ['server-types'],
    queryFn: async () => (await unwrap(client.GET('/api/v1/server-types'))).items,
    staleTime: Infinity
  });

/** What can be done on a server of this type; nothing of a type that is not known (yet). */
export const abilitiesOf = (
  types: ServerType[] | undefined,
  type: ServerType['type']
): readonly Ability[] => types?.find((one) => one.type === type)?.capabilities ?? [];
