import { queryOptions } from '@tanstack/svelte-query';
import { SOON } from '#lib/state/queries.ts';
import { getInvitation } from './calls.ts';

export const invitationQuery = (id: string) =>
  queryOptions({
    queryKey: ['invitations', id],
    queryFn: () => getInvitation(id),
    refetchInterval: SOON
  });
