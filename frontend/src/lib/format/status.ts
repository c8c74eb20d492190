import { relative } from './relative.ts';
import { t } from './status_messages.ts';

/** What a colour means here. `plain` is for what is as it should be: health is quiet. */
export type Tone = 'plain' | 'accent' | 'ok' | 'warn' | 'bad';

export interface Status {
  label: string;
  tone: Tone;
}

interface ServerLike {
  enabled: boolean;
  state: 'ok' | 'starting' | 'unreachable' | 'unauthorized' | 'identity_changed' | 'unknown';
  checked_at: string | null;
  seen_at: string | null;
}

/** A server is looked at every few minutes; what is older than this is no longer known. */
const STALE_AFTER = 30 * 60_000;

const serverStates: Record<ServerLike['state'], Status> = {
  ok: { label: t.up, tone: 'ok' },
  starting: { label: t.starting, tone: 'warn' },
  unreachable: { label: t.notAnswering, tone: 'bad' },
  unauthorized: { label: t.keyRefused, tone: 'bad' },
  identity_changed: { label: t.identityChanged, tone: 'bad' },
  unknown: { label: t.notCheckedYet, tone: 'plain' }
};

export function serverStatus(server: ServerLike, now = Date.now()): Status {
  if (!server.enabled) return { label: t.switchedOff, tone: 'plain' };
  if (isStale(server, now)) return { label: t.unknown, tone: 'warn' };
  return serverStates[server.state];
}

/** True when the last look at the server is too long ago to be believed. */
export const isStale = ({ checked_at }: ServerLike, now = Date.now()): boolean =>
  checked_at !== null && now - Date.parse(checked_at) > STALE_AFTER;

/** What is known of the server, since when, and what to do about it. */
export function serverSentence(server: ServerLike, now = Date.now()): string {
  if (!server.enabled) return t.serverOff;
  if (!server.checked_at) return t.neverChecked;
  const looked = relative(server.checked_at, now);
  if (isStale(server, now)) return t.checkIsOld({ when: looked });
  const seen = server.seen_at ? t.lastSeen({ when: relative(server.seen_at, now) }) : t.neverSeen;
  return server.state === 'ok' ? seen : `${sentences[server.state]} ${seen}`;
}

const sentences: Record<ServerLike['state'], string> = {
  ok: '',
  starting: t.startingHint,
  unreachable: t.notAnsweringHint,
  unauthorized: t.keyRefusedHint,
  identity_changed: t.identityChangedHint,
  unknown: t.unknownHint
};

export const invitationStatuses: Record<'active' | 'expired' | 'exhausted' | 'disabled', Status> = {
  active: { label: t.active, tone: 'ok' },
  expired: { label: t.expired, tone: 'plain' },
  exhausted: { label: t.usedUp, tone: 'plain' },
  disabled: { label: t.switchedOff, tone: 'plain' }
};

type RedemptionState = 'running' | 'succeeded' | 'partial' | 'failed' | 'undone';

export const redemptionStatuses: Record<RedemptionState, Status> = {
  running: { label: t.inProgress, tone: 'accent' },
  succeeded: { label: t.joined, tone: 'ok' },
  partial: { label: t.partlyJoined, tone: 'warn' },
  failed: { label: t.failedNoAccount, tone: 'bad' },
  undone: { label: t.failedUndone, tone: 'bad' }
};

type ProvisioningState = 'waiting' | 'working' | 'done' | 'pending' | 'failed' | 'undone';

export const provisioningStatuses: Record<ProvisioningState, Status> = {
  waiting: { label: t.stepWaiting, tone: 'plain' },
  working: { label: t.stepInProgress, tone: 'accent' },
  done: { label: t.stepDone, tone: 'ok' },
  pending: { label: t.stepPending, tone: 'warn' },
  failed: { label: t.stepFailed, tone: 'bad' },
  undone: { label: t.stepUndone, tone: 'warn' }
};

/** Why something failed on a server, for those who run it; as the end of a sentence. */
const codes: Record<string, string> = {
  unreachable: t.codeUnreachable,
  server_timeout: t.codeTimeout,
  starting: t.codeStarting,
  busy: t.codeBusy,
  unauthorized: t.codeUnauthorized,
  server_replaced: t.codeReplaced,
  api_key_not_administrator: t.codeNotAdministrator,
  not_this_type: t.codeWrongType,
  taken: t.codeNameTaken,
  username_taken: t.codeNameTaken,
  user_already_exists: t.codeNameTaken,
  invalid: t.codeInvalid,
  invalid_username: t.codeInvalidName,
  refused: t.codeRefused,
  administrator: t.codeAdministrator,
  policy_not_kept: t.codePolicyNotKept,
  gone: t.codeGone,
  circuit_open: t.codeCircuitOpen,
  plex_tv_failed: t.codePlexDown,
  rate_limited: t.codeRateLimited,
  not_owner: t.codeNotOwner,
  own_account: t.codeOwnAccount,
  unknown_user: t.codeUnknownUser,
  email_required: t.codeEmailRequired,
  home_pin_invalid: t.codePinInvalid,
  library_unknown: t.codeLibraryUnknown,
  failed: t.codeServerFailed,
  tls_error: t.codeTls,
  not_https: t.codeNotHttps,
  nothing_to_give: t.codeNothingToGive,
  internal_error: t.codeInternal
};

/** Why it failed, as the end of a sentence; the bare code where no words are known. */
export const reason = (code: string): string => codes[code] ?? code.replaceAll('_', ' ');

export interface Access {
  enabled: boolean;
  expires_at: string | null;
}

/** Whether a person, or one account, can get in, and until when. */
export function accessStatus({ enabled, expires_at }: Access, now = Date.now()): Status {
  if (!enabled) return { label: t.noAccess, tone: 'bad' };
  if (!expires_at) return { label: t.hasAccess, tone: 'plain' };
  const left = Date.parse(expires_at) - now;
  if (left <= 0) return { label: t.accessIsEnding, tone: 'warn' };
  const soon = left < 7 * 86_400_000;
  return {
    label: t.accessEnds({ when: relative(expires_at, now) }),
    tone: soon ? 'warn' : 'plain'
  };
}
