import { repair } from './operator.ts';
import { test } from './test.ts';

/**
 * For the tests of one file the house has a Plex server called Cellar; gives what an invitation
 * to it says.
 */
export function withCellar(): () => { server_ids: string[]; all_libraries: true } {
  let id = '';
  test.beforeAll(async ({ home }) => {
    ({ id } = await home.operator.addPlex('Cellar', home.plex));
  });
  test.afterAll(({ home }) => home.operator.removeServer(id));
  test.afterEach(async ({ home }) => {
    await Promise.all([home.plex, home.plex_tv, home.jellyfin].map(repair));
  });
  return () => ({ server_ids: [id], all_libraries: true });
}

export const withPlex = { name: 'Continue with Plex' };
export const youAreIn = { name: 'You’re in', exact: true };
