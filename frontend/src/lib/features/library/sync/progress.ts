import type { CatalogueState, Run, RunPart } from '#lib/api/types.ts';
import { count, duration } from '#lib/format/numbers.ts';
import type { Status } from '#lib/format/status.ts';
import { isRunning } from '#lib/state/runs.ts';
import { t } from './messages.ts';

type Progress = RunPart['progress'];

/** The codes of a sync that found too little and asks whether that is right. */
const ASKS = ['library_shrunken', 'requests_shrunken'];

const steps: Partial<Record<string, string>> = {
  libraries: t.stepLibraries,
  plays: t.stepPlays,
  writing: t.stepWriting
};
const LIBRARY = 'library: ';

export function stepWords({ step, message }: Pick<Progress, 'step' | 'message'>): string {
  if (!step) return message ?? t.waiting;
  if (step.startsWith(LIBRARY)) return t.stepLibrary({ name: step.slice(LIBRARY.length) });
  return steps[step] ?? message ?? step;
}

/** "1,200 of 4,000 · 310 a second · about 9 s left", as far as it is known. */
export function progressWords({ done, total, rate, seconds_left }: Progress): string {
  const parts = [
    total ? t.doneOf({ done: count(done), total: count(total) }) : done ? count(done) : '',
    rate ? t.perSecond({ rate: count(rate < 10 ? rate : Math.round(rate)) }) : '',
    seconds_left ? t.timeLeft({ time: duration(seconds_left) }) : ''
  ];
  return parts.filter(Boolean).join(' · ');
}

export const asks = ({ error_code }: Pick<RunPart, 'error_code'>): boolean =>
  error_code !== null && ASKS.includes(error_code);

export function partStatus(part: Pick<RunPart, 'status' | 'error_code'>): Status | null {
  if (part.status === 'succeeded') return { label: t.done, tone: 'ok' };
  if (part.status === 'cancelled') return { label: t.stopped, tone: 'plain' };
  if (part.status !== 'failed') return null;
  return asks(part) ? { label: t.asks, tone: 'warn' } : { label: t.failed, tone: 'bad' };
}

/** What of the newest sync is worth telling: that it goes on, or that it needs somebody. */
export function stateOf(run: Run | null | undefined): 'running' | 'asks' | 'failed' | null {
  if (!run) return null;
  if (isRunning(run)) return 'running';
  if (run.status !== 'failed') return null;
  return run.parts.some(asks) ? 'asks' : 'failed';
}

/** True as soon as one server was read to its end. */
export const isRead = (states: CatalogueState[]): boolean =>
  states.some(({ as_of }) => as_of !== null);

/** The moment as of which the whole library is known: that of the server read longest ago. */
export function knownAsOf(states: CatalogueState[]): string | null {
  const known = states.flatMap(({ as_of }) => (as_of ? [as_of] : []));
  return known.toSorted()[0] ?? null;
}

export interface UnreadAccount {
  id: string;
  account: string;
  server: string;
  code: string;
  as_of: string | null;
}

/** Accounts whose plays could not be read the last time. */
export const unreadAccounts = (states: CatalogueState[]): UnreadAccount[] =>
  states.flatMap(({ server, server_id, accounts }) =>
    accounts
      .filter(({ error_code, removed_since }) => error_code && !removed_since)
      .map(({ id, name, as_of, error_code }) => ({
        id: `${server_id}/${id}`,
        account: name,
        server,
        code: error_code ?? '',
        as_of
      }))
  );
