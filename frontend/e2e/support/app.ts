import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../../../backend/.venv/bin/zondarr', import.meta.url));
const START_WITHIN = 120_000;

export interface SimulatedJellyfin {
  url: string;
  api_key: string;
  admin: { name: string; password: string };
}

export interface SimulatedPlex {
  url: string;
  /** The owner's account token: good for the server and for plex.tv. */
  token: string;
}

export interface SimulatedSeerr {
  url: string;
  api_key: string;
}

interface Simulated {
  jellyfin: SimulatedJellyfin;
  plex: SimulatedPlex;
  /** plex.tv, with the page on which people sign in. */
  plex_tv: { url: string };
  /** A Seerr in use, in the world of the Jellyfin. */
  seerr: SimulatedSeerr;
}

/** The program and the servers it manages, started for the tests and gone with them. */
export interface RunningApp extends Simulated {
  url: string;
  setupToken: string;
  /** An account of the workspace, made on the command line. */
  makeAccount: (email: string, password: string, role: 'admin' | 'viewer') => Promise<void>;
  /** The program is killed, and started again with what it had stored. */
  crash: () => Promise<void>;
  stop: () => Promise<void>;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function start(
  args: string[],
  env: Record<string, string>,
  cwd: string,
  stdin: 'ignore' | 'pipe' = 'ignore'
): ChildProcess {
  const stdio = [stdin, 'pipe', 'pipe'] as const;
  return spawn(program, args, { cwd, env: { ...process.env, ...env }, stdio: [...stdio] });
}

const ended = (child: ChildProcess) =>
  child.exitCode !== null || child.signalCode !== null
    ? Promise.resolve()
    : new Promise<void>((resolve) => child.once('exit', () => resolve()));

async function stop(child: ChildProcess): Promise<void> {
  child.kill('SIGTERM');
  const patience = setTimeout(() => child.kill('SIGKILL'), 5_000);
  await ended(child);
  clearTimeout(patience);
}

/** The first line that is JSON: what the simulators that were asked for print when ready. */
async function readyLine(child: ChildProcess): Promise<Simulated> {
  if (!child.stdout) throw new Error('no output to read');
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.startsWith('{')) return JSON.parse(line);
  }
  throw new Error('zondarr simulate ended before it was ready');
}

async function answers(url: string): Promise<void> {
  const until = Date.now() + START_WITHIN;
  while (Date.now() < until) {
    const response = await fetch(url).catch(() => null);
    if (response?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${url} did not answer within ${START_WITHIN / 1000} s`);
}

async function simulate(...args: string[]): Promise<Simulated & { stop: () => Promise<void> }> {
  const child = start(['simulate', '--people', '5', ...args], {}, tmpdir());
  child.stderr?.resume();
  return { ...(await readyLine(child)), stop: () => stop(child) };
}

export async function startJellyfin(
  ...args: string[]
): Promise<SimulatedJellyfin & { stop: () => Promise<void> }> {
  const { jellyfin, stop } = await simulate('--jellyfin-port', '0', ...args);
  return { ...jellyfin, stop };
}

/** The program itself, once it is ready. */
async function serve(
  port: number,
  env: Record<string, string>,
  folder: string
): Promise<ChildProcess> {
  const child = start(['serve', '--port', String(port)], env, folder);
  const output: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (text) => output.push(String(text)));
  await Promise.race([
    answers(`http://127.0.0.1:${port}/health/ready`),
    ended(child).then(() => Promise.reject(new Error(`zondarr serve ended:\n${output.join('')}`)))
  ]);
  return child;
}

export async function startApp(): Promise<RunningApp> {
  const folder = await mkdtemp(join(tmpdir(), 'zondarr-e2e-'));
  const [port, simulated] = await Promise.all([
    freePort(),
    simulate(...['jellyfin', 'plex', 'plextv', 'seerr'].flatMap((name) => [`--${name}-port`, '0']))
  ]);
  const url = `http://127.0.0.1:${port}`;
  const env = {
    ZONDARR_DATA_DIR: folder,
    SECRET_KEY_FILE: join(folder, 'secret-key'),
    ZONDARR_SIGN_IN_LIMIT: '1000/minute',
    ZONDARR_JOIN_LIMIT: '1000/minute',
    ZONDARR_PLEX_TV_URL: simulated.plex_tv.url,
    ZONDARR_PLEX_CLIENTS_URL: simulated.plex_tv.url,
    ZONDARR_PLEX_APP_URL: simulated.plex_tv.url
  };
  let child = await serve(port, env, folder);
  return {
    url,
    setupToken: (await readFile(join(folder, 'setup-token'), 'utf8')).trim(),
    makeAccount: async (email, password, role) => {
      const args = ['account', 'create', '--email', email, '--role', role, '--password-stdin'];
      const maker = start(args, env, folder, 'pipe');
      maker.stdin?.end(`${password}\n`);
      await ended(maker);
      if (maker.exitCode !== 0) throw new Error(`${email} could not be made`);
    },
    ...simulated,
    crash: async () => {
      child.kill('SIGKILL');
      await ended(child);
      child = await serve(port, env, folder);
    },
    stop: async () => {
      await Promise.all([stop(child), simulated.stop()]);
      await rm(folder, { recursive: true, force: true });
    }
  };
}
