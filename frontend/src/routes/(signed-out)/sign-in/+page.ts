import { redirect } from '@sveltejs/kit';
import { setupNeeded } from '#lib/features/accounts/calls.ts';
import { pathAfterSignIn } from '#lib/state/paths.ts';

export async function load({ url }) {
  if (await setupNeeded()) redirect(307, '/setup');
  return { next: pathAfterSignIn(url) };
}
