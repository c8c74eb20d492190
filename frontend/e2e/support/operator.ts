import { expect, type APIRequestContext } from '@playwright/test';
import type { RunningApp, SimulatedJellyfin, SimulatedPlex } from './app.ts';

export const email = 'olga@example.org';
export const password = 'a long enough password';

interface Title {
  id: string | null;
  name: string;
  tmdb: string;
}

/** What a test arranges over the API, so that the browser does only what is tested. */
export class Operator {
  #token = '';

  constructor(
    readonly request: APIRequestContext,
    readonly url: string
  ) {}

  async setUp(app: RunningApp): Promise<void> {
    const data = { setup_token: app.setupToken, email, password };
    this.#token = (await this.#send('POST', '/setup', data)).csrf_token;
  }

  addServer(name: string, { url, api_key }: SimulatedJellyfin) {
    return this.#send('POST', '/servers', { name, url, api_key });
  }

  addPlex(name: string, { url, token }: SimulatedPlex) {
    return this.#send('POST', '/servers', { name, server_type: 'plex', url, api_key: token });
  }

  changeServer(id: string, body: Record<string, unknown>) {
    return this.#send('PATCH', `/servers/${id}`, body);
  }

  /** Asks the server how it is now. */
  testServer(id: string) {
    return this.#send('POST', `/servers/${id}/test`).catch(() => undefined);
  }

  removeServer(id: string) {
    return this.#send('DELETE', `/servers/${id}`);
  }

  invite(body: Record<string, unknown>) {
    return this.#send('POST', '/invitations', body);
  }

  changeInvitation(id: string, body: Record<string, unknown>) {
    return this.#send('PATCH', `/invitations/${id}`, body);
  }

  invitation(id: string) {
    return this.#send('GET', `/invitations/${id}`);
  }

  /** Reads what is on a server, and waits for the end. */
  async syncLibrary(serverId: string): Promise<void> {
    const { run_id } = await this.#send('POST', '/catalogue/sync', { server_ids: [serverId] });
    await expect
      .poll(async () => (await this.#send('GET', `/runs/${run_id}`)).status, { timeout: 60_000 })
      .toBe('succeeded');
  }

  /** The first titles of a list of findings. */
  async findings(insight: string): Promise<{ id: string; name: string }[]> {
    const { items } = await this.#send('GET', `/insights/${insight}`);
    return items.map(({ title }: { title: { id: string; name: string } }) => title);
  }

  /** The requests in a state. */
  async requests(state: string): Promise<{ title: Title; requester: { name: string } }[]> {
    return (await this.#send('GET', `/requests?state=${state}&type=movie`)).items;
  }

  protect(body: Record<string, unknown>) {
    return this.#send('POST', '/protections', body);
  }

  async libraries(serverId: string): Promise<{ id: string; name: string; external_id: string }[]> {
    return (await this.#send('GET', `/servers/${serverId}/libraries`)).items;
  }

  async personNamed(name: string): Promise<string> {
    return (await this.#send('GET', `/identities?q=${encodeURIComponent(name)}`)).items[0].id;
  }

  changePerson(id: string, body: Record<string, unknown>) {
    return this.#send('PATCH', `/identities/${id}`, body);
  }

  /** Joins as a guest would, and waits for the end. */
  join(code: string, username: string): Promise<string> {
    return this.#join(code, { username, password: 'a guest password' });
  }

  /** Joins as a guest would, and does not wait. */
  startJoin(code: string, username: string) {
    return this.#send('POST', `/join/${code}`, { username, password: 'a guest password' });
  }

  /** Gives an address, to which Plex sends an invitation. */
  joinByMail(code: string, email: string): Promise<string> {
    return this.#join(code, { email });
  }

  async #join(code: string, data: Record<string, string>): Promise<string> {
    const { redemption_id, token } = await this.#send('POST', `/join/${code}`, data);
    let status = 'running';
    await expect(async () => {
      const headers = { Authorization: `Bearer ${token}` };
      const path = `${this.url}/api/v1/join/redemptions/${redemption_id}`;
      status = (await (await this.request.get(path, { headers })).json()).status;
      expect(status).not.toBe('running');
    }).toPass({ timeout: 60_000 });
    return status;
  }

  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- a test reads what it asked for
  async #send(method: string, path: string, data?: unknown): Promise<any> {
    const response = await this.request.fetch(`${this.url}/api/v1${path}`, {
      method,
      headers: { 'X-CSRF-Token': this.#token },
      ...(data !== undefined && { data })
    });
    const text = await response.text();
    if (!response.ok()) throw new Error(`${method} ${path}: ${response.status()} ${text}`);
    return text ? JSON.parse(text) : null;
  }
}

interface Fault {
  path_prefix: string;
  method?: string;
  kind:
    'latency' | 'status' | 'drop' | 'truncate' | 'html' | 'lost_response' | 'empty' | 'starting';
  value?: number;
  times?: number;
}

/** A simulator of either kind: its address is all that is needed. */
type Simulator = Pick<SimulatedJellyfin, 'url'>;

const faultsOf = ({ url }: Simulator) => `${url}/_simulator/faults`;

export async function addFault(simulator: Simulator, fault: Fault): Promise<void> {
  const headers = { 'Content-Type': 'application/json' };
  const body = JSON.stringify(fault);
  const response = await fetch(faultsOf(simulator), { method: 'POST', headers, body });
  expect(response.ok, await response.text()).toBe(true);
}

export async function removeFaults(simulator: Simulator): Promise<void> {
  await fetch(faultsOf(simulator), { method: 'DELETE' });
}

/** Something happens on a simulated server: a film arrives, somebody plays it. */
export async function happen(
  { url }: Simulator,
  what: string,
  body: Record<string, unknown>
): Promise<void> {
  const headers = { 'Content-Type': 'application/json' };
  const order = { method: 'POST', headers, body: JSON.stringify(body) };
  const response = await fetch(`${url}/_simulator/${what}`, order);
  expect(response.ok, await response.text()).toBe(true);
}
