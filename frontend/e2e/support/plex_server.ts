import { removeFaults } from './operator.ts';
import { test } from './test.ts';

/**
 * Adds a Plex server called Cellar for the tests of one file; returns what an invitation to it
 * needs.
 */
export function withPlexServer(): () => { server_ids: string[]; all_libraries: true } {
  let id = '';
  test.beforeAll(async ({ app }) => {
    ({ id } = await app.operator.addPlex('Cellar', app.plex));
  });
  test.afterAll(({ app }) => app.operator.removeServer(id));
  test.afterEach(async ({ app }) => {
    await Promise.all([app.plex, app.plex_tv, app.jellyfin].map(removeFaults));
  });
  return () => ({ server_ids: [id], all_libraries: true });
}

export const continueWithPlex = { name: 'Continue with Plex' };
export const joinedHeading = { name: 'You’re in', exact: true };
