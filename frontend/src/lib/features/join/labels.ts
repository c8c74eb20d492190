import type { JoinProgress, JoinServerProgress } from '#lib/api/types.ts';
import { list } from '#lib/format/words.ts';
import type { Begun } from './storage.ts';
import { because, mayPass, wantsOtherAccount, wantsOtherName } from './error_codes.ts';
import { t } from './messages.ts';

const isPlex = ({ id }: JoinServerProgress, begun: Begun): boolean =>
  begun.plexServers?.includes(id) ?? false;

/** True while what failed is tried again. */
const isTried = ({ retry_until }: JoinProgress, now: number): boolean =>
  retry_until !== null && Date.parse(retry_until) > now;

/** True while the result can still improve: by accepting the mail, or by a retry. */
export function mayChange(progress: JoinProgress, now = Date.now()): boolean {
  const { status, servers } = progress;
  const waits = servers.some((one) => one.status === 'pending');
  if (status === 'succeeded') return waits;
  return status === 'partial' && (waits || isTried(progress, now));
}

const steps: Record<JoinServerProgress['status'], string> = {
  waiting: t.stepWaiting,
  working: t.stepWorking,
  done: t.stepDone,
  pending: t.stepPending,
  failed: '',
  undone: t.stepUndone
};

/** True for what failed and is retried. */
export const isTriedOn = (
  { status, error_code }: JoinServerProgress,
  progress: JoinProgress,
  now = Date.now()
): boolean => status === 'failed' && mayPass(error_code) && isTried(progress, now);

/** The progress of one server. */
export function stepLabel(server: JoinServerProgress, begun: Begun): string {
  const { status, error_code } = server;
  if (status === 'failed') return t.stepFailed({ reason: because(error_code) });
  if (!isPlex(server, begun)) return steps[status];
  if (status === 'working') return t.stepSharing;
  return status === 'done' ? t.stepDonePlex : steps[status];
}

/** The links to the servers: each address once, because all Plex servers share one. */
export function linksOf({ servers }: JoinProgress, begun: Begun): { url: string; label: string }[] {
  const labels = servers.flatMap((one): [string, string][] =>
    one.url ? [[one.url, t.openServer({ name: isPlex(one, begun) ? 'Plex' : one.name })]] : []
  );
  return Array.from(new Map(labels), ([url, label]) => ({ url, label }));
}

export interface Result {
  title: string;
  text: string[];
}

const namesOf = (servers: JoinServerProgress[]): string => list(servers.map(({ name }) => name));

/** The result: one sentence for each thing that the guest has to know or do. */
export function resultOf(progress: JoinProgress, begun: Begun, now = Date.now()): Result {
  const { status, servers } = progress;
  if (status !== 'succeeded' && status !== 'partial') {
    return undone(servers.filter((one) => one.status === 'failed'));
  }
  const pending = servers.filter((one) => one.status === 'pending');
  const done = servers.filter((one) => one.status === 'done');
  // A part that is just being tried again is neither failed nor there.
  const missing = servers.filter((one) => !done.includes(one) && !pending.includes(one));
  return {
    title: titleOf(done.length, pending.length, missing.length),
    text: [
      ...entries(done, begun),
      ...missingLibraries(done),
      ...(pending.length ? [mailText(pending, begun.email)] : []),
      ...(missing.length ? [missingText(missing, isTried(progress, now))] : [])
    ]
  };
}

function titleOf(done: number, pending: number, missing: number): string {
  if (pending && !done) return t.oneStepLeft;
  return pending || missing ? t.almostJoined : t.joined;
}

/** How the guest gets into each kind of server that is ready. */
function entries(done: JoinServerProgress[], begun: Begun): string[] {
  const plex = done.filter((one) => isPlex(one, begun));
  const others = done.filter((one) => !isPlex(one, begun));
  const name = begun.username;
  return [
    ...(others.length && name ? [passwordText(others, name, plex.length > 0)] : []),
    ...(plex.length ? [plexText(plex, begun)] : [])
  ];
}

const missingLibraries = (done: JoinServerProgress[]): string[] =>
  done
    .filter(({ missing_libraries }) => missing_libraries.length > 0)
    .map(({ name, missing_libraries }) =>
      t.librariesMissing({ server: name, libraries: list(missing_libraries) })
    );

function passwordText(servers: JoinServerProgress[], name: string, named: boolean): string {
  return named ? t.signInOn({ names: namesOf(servers), name }) : t.signInAs({ name });
}

function plexText(plex: JoinServerProgress[], { plex: way, username }: Begun): string {
  const names = namesOf(plex);
  if (way === 'home') return t.chooseProfile({ names, username: username ?? '' });
  return t.inPlexApp(plex.length, { names });
}

function mailText(pending: JoinServerProgress[], email: string | null | undefined): string {
  const sent = email ? t.plexSentMailTo({ email }) : t.plexSentMail;
  return `${sent} ${t.acceptInMail(pending.length, { names: namesOf(pending) })}`;
}

function missingText(missing: JoinServerProgress[], tried: boolean): string {
  const names = namesOf(missing);
  const goesOn = tried && missing.some(({ error_code }) => mayPass(error_code));
  return goesOn ? t.stillTrying(missing.length, { names }) : t.serversFailed({ names });
}

function undone(failed: JoinServerProgress[]): Result {
  const [first] = failed;
  const why = first
    ? [t.serverReason({ names: namesOf(failed), reason: because(first.error_code) })]
    : [];
  return {
    title: t.joinFailed,
    text: [...why, t.joinUndone]
  };
}

/** What the guest can do after it did not work. */
export function retryLabel(progress: JoinProgress): string {
  if (wantsOtherName(progress)) return t.chooseAnotherName;
  return wantsOtherAccount(progress) ? t.useOtherAccount : t.tryAgain;
}
