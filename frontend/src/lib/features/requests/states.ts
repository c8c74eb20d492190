import type { MediaRequest, RequestState } from '#lib/api/types.ts';
import type { Status } from '#lib/format/status.ts';
import { t } from './messages.ts';

/** What each state is called; those that wait for somebody stand out. */
export const states: Record<RequestState, Status> = {
  stuck: { label: t.stuck, tone: 'bad' },
  failed: { label: t.failed, tone: 'bad' },
  gone: { label: t.gone, tone: 'warn' },
  awaiting_approval: { label: t.awaitingApproval, tone: 'warn' },
  in_progress: { label: t.inProgress, tone: 'accent' },
  partially_available: { label: t.partiallyAvailable, tone: 'accent' },
  airing: { label: t.airing, tone: 'accent' },
  awaiting_release: { label: t.awaitingRelease, tone: 'plain' },
  available: { label: t.available, tone: 'ok' },
  declined: { label: t.declined, tone: 'plain' },
  unknown: { label: t.unknownState, tone: 'plain' }
};

/** In the order of the chips. */
export const stateNames = Object.keys(states) as RequestState[];

/** What an operator has to do something about. */
export const ATTENTION: readonly RequestState[] = ['stuck', 'failed', 'gone', 'awaiting_approval'];

const seasonStates: Record<MediaRequest['seasons'][number]['state'], string> = {
  available: t.seasonAvailable,
  awaiting_release: t.seasonAwaitingRelease,
  airing: t.seasonAiring,
  missing: t.seasonMissing,
  unknown: t.seasonUnknown
};

type Season = MediaRequest['seasons'][number];

/** "airing, 4 of 10 episodes here". */
export function seasonWords({ state, held, episodes }: Season): string {
  if (!episodes || state === 'awaiting_release') return seasonStates[state];
  return t.seasonHeld({ state: seasonStates[state], held, episodes });
}

/** "Seasons 1, 2 and 4", as numbers only. */
export const seasonNumbers = ({ seasons }: Pick<MediaRequest, 'seasons'>): number[] =>
  seasons.map(({ number }) => number).toSorted((one, other) => one - other);

/** What the title is called, as far as anybody knows it yet. */
export const nameOf = ({ title }: Pick<MediaRequest, 'title'>): string =>
  title.name ?? t.unnamed({ id: title.tmdb ?? '' });
