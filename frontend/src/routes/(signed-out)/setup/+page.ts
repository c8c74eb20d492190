import { redirect } from '@sveltejs/kit';
import { setupNeeded } from '#lib/features/accounts/calls.ts';

export async function load({ url }) {
  if (!(await setupNeeded())) redirect(307, '/');
  return { token: url.searchParams.get('token') ?? '' };
}
