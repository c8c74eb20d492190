import { relative } from './dates.ts';

/** What a colour means here. `plain` is for what is as it should be: health is quiet. */
export type Tone = 'plain' | 'accent' | 'ok' | 'warn' | 'bad';

export interface Status {
  label: string;
  tone: Tone;
}

interface ServerLike {
  enabled: boolean;
  state: 'ok' | 'starting' | 'unreachable' | 'unauthorized' | 'unknown';
  checked_at: string | null;
  seen_at: string | null;
}

/** A server is looked at every few minutes; what is older than this is no longer known. */
const STALE_AFTER = 30 * 60_000;

const serverStates: Record<ServerLike['state'], Status> = {
  ok: { label: 'Up', tone: 'ok' },
  starting: { label: 'Starting', tone: 'warn' },
  unreachable: { label: 'Does not answer', tone: 'bad' },
  unauthorized: { label: 'Refuses our key', tone: 'bad' },
  unknown: { label: 'Not looked at yet', tone: 'plain' }
};

export function serverStatus(server: ServerLike, now = Date.now()): Status {
  if (!server.enabled) return { label: 'Switched off', tone: 'plain' };
  if (isStale(server, now)) return { label: 'Not known', tone: 'warn' };
  return serverStates[server.state];
}

/** True when the last look at the server is too long ago to be believed. */
export const isStale = ({ checked_at }: ServerLike, now = Date.now()): boolean =>
  checked_at !== null && now - Date.parse(checked_at) > STALE_AFTER;

/** What is known of the server, since when, and what to do about it. */
export function serverSentence(server: ServerLike, now = Date.now()): string {
  if (!server.enabled) return 'Not synced, not offered to guests, and left alone by every job.';
  if (!server.checked_at) return 'Nobody has asked it yet.';
  const looked = relative(server.checked_at, now);
  if (isStale(server, now)) return `Last looked at ${looked}; how it is now is not known.`;
  const seen = server.seen_at ? `Last seen ${relative(server.seen_at, now)}.` : 'Never seen.';
  return server.state === 'ok' ? seen : `${sentences[server.state]} ${seen}`;
}

const sentences: Record<ServerLike['state'], string> = {
  ok: '',
  starting: 'It is starting; nothing is concluded from that.',
  unreachable: 'It does not answer. Is it running, and is the address right?',
  unauthorized: 'It refuses our key. Make a new one there and store it here.',
  unknown: 'Its state is not known.'
};

export const invitationStatuses: Record<'active' | 'expired' | 'exhausted' | 'disabled', Status> = {
  active: { label: 'Active', tone: 'ok' },
  expired: { label: 'Expired', tone: 'plain' },
  exhausted: { label: 'Used up', tone: 'plain' },
  disabled: { label: 'Switched off', tone: 'plain' }
};

type RedemptionState = 'running' | 'succeeded' | 'partial' | 'failed' | 'undone';

export const redemptionStatuses: Record<RedemptionState, Status> = {
  running: { label: 'Under way', tone: 'accent' },
  succeeded: { label: 'Joined', tone: 'ok' },
  partial: { label: 'Joined in part', tone: 'warn' },
  failed: { label: 'Failed, nothing was made', tone: 'bad' },
  undone: { label: 'Failed, and undone', tone: 'bad' }
};

type ProvisioningState = 'waiting' | 'working' | 'done' | 'pending' | 'failed' | 'undone';

export const provisioningStatuses: Record<ProvisioningState, Status> = {
  waiting: { label: 'waiting', tone: 'plain' },
  working: { label: 'under way', tone: 'accent' },
  done: { label: 'done', tone: 'ok' },
  pending: { label: 'invited, not yet accepted', tone: 'warn' },
  failed: { label: 'failed', tone: 'bad' },
  undone: { label: 'undone', tone: 'warn' }
};

/** Why something failed on a server, for those who run it; as the end of a sentence. */
const codes: Record<string, string> = {
  unreachable: 'the server did not answer',
  server_timeout: 'the server did not answer in time',
  starting: 'the server was starting',
  busy: 'the server was too busy',
  unauthorized: 'the server refuses our key',
  api_key_not_administrator: 'our key is not an administrator’s',
  not_this_type: 'what answered is not a server of this type',
  taken: 'the name is taken there',
  username_taken: 'the name is taken there',
  user_already_exists: 'the name is taken there',
  invalid: 'the server does not accept this',
  invalid_username: 'the server does not accept this name',
  refused: 'the server does not allow it',
  administrator: 'an administrator is left alone',
  policy_not_kept: 'the server did not keep the rights it was given',
  gone: 'it is not there any more',
  circuit_open: 'the server failed several times in a row and is left alone for a moment',
  plex_tv_failed: 'plex.tv is out of order',
  rate_limited: 'plex.tv wants fewer questions for now',
  not_owner: 'our key is not that of the server’s owner',
  own_account: 'the owner of the server cannot be invited to it',
  unknown_user: 'Plex knows no such account',
  email_required: 'an e-mail address or a sign-in with Plex was missing',
  home_pin_invalid: 'the PIN is not of four digits',
  library_unknown: 'a library is not there any more',
  failed: 'the server failed',
  tls_error: 'the server’s certificate cannot be trusted',
  nothing_to_give: 'no library is left to give',
  internal_error: 'Zondarr itself failed; its log says why'
};

/** Why it failed, as the end of a sentence; the bare code where no words are known. */
export const reason = (code: string): string => codes[code] ?? code.replaceAll('_', ' ');

export interface Access {
  enabled: boolean;
  expires_at: string | null;
}

/** Whether a person, or one account, can get in, and until when. */
export function accessStatus({ enabled, expires_at }: Access, now = Date.now()): Status {
  if (!enabled) return { label: 'No access', tone: 'bad' };
  if (!expires_at) return { label: 'Has access', tone: 'plain' };
  const left = Date.parse(expires_at) - now;
  if (left <= 0) return { label: 'Access is ending', tone: 'warn' };
  const soon = left < 7 * 86_400_000;
  return { label: `Ends ${relative(expires_at, now)}`, tone: soon ? 'warn' : 'plain' };
}
