import type { InvitationFilters } from '#lib/features/invitations/calls.ts';

const statuses = ['active', 'expired', 'exhausted', 'disabled'] as const;

export function load({ url }): { filters: InvitationFilters } {
  const wanted = url.searchParams.get('status');
  const status = statuses.find((one) => one === wanted) ?? null;
  return { filters: { q: url.searchParams.get('q') ?? '', status } };
}
