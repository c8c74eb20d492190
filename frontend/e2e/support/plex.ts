import { expect, type Page } from '@playwright/test';
import type { RunningApp } from './app.ts';

interface Share {
  id: number;
  invited_id: number | null;
  invited_email: string;
  status: 'pending' | 'accepted' | 'left';
  libraries: string[];
}

interface PlexState {
  accounts: { id: number; title: string; email: string }[];
  shares: Share[];
}

/** What the simulated Plex knows. */
const stateOf = async ({ plex_tv }: RunningApp): Promise<PlexState> =>
  (await fetch(`${plex_tv.url}/_simulator/state`)).json();

/** What is shared with somebody: an address, or the name of an account. */
export async function shareWith(app: RunningApp, who: string): Promise<Share | undefined> {
  const { accounts, shares } = await stateOf(app);
  const account = accounts.find(({ title }) => title === who);
  return shares.find((one) => one.invited_email === who || one.invited_id === account?.id);
}

/** What a person does in their own browser: `approve-pin`, `accept`, … */
export async function actAtPlex(
  { plex_tv }: RunningApp,
  what: string,
  body: Record<string, unknown>
): Promise<void> {
  const url = `${plex_tv.url}/_simulator/plex/${what}`;
  const response = await fetch(url, { method: 'POST', body: JSON.stringify(body) });
  expect(response.ok, await response.text()).toBe(true);
}

/** On Plex's page: says who one is, and is sent back. */
export async function signInAtPlex(page: Page, person: string, back = '**/join/**'): Promise<void> {
  await expect(page.getByRole('heading', { name: 'Simulated Plex sign-in' })).toBeVisible();
  await page.getByRole('button', { name: person }).click();
  await page.waitForURL(back);
}
