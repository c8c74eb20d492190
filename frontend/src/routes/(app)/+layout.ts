import { redirect } from '@sveltejs/kit';
import { setupNeeded } from '#lib/features/accounts/calls.ts';
import { signInPath } from '#lib/state/paths.ts';
import { session } from '#lib/state/session.svelte.ts';

/** Lets in who is signed in; sends anyone else to the door. */
export async function load({ url }) {
  const current = session.current ?? (await session.load());
  if (current) return { session: current };
  redirect(307, (await setupNeeded()) ? '/setup' : signInPath(url));
}
