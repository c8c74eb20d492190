import { queryOptions } from '@tanstack/svelte-query';
import { getInvitation } from './calls.ts';

export const invitationQuery = (id: string) =>
  queryOptions({ queryKey: ['invitations', id], queryFn: () => getInvitation(id) });
