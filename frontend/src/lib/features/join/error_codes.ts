import type { JoinProgress } from '#lib/api/types.ts';
import { t } from './messages.ts';

const noAnswer = t.noAnswer;
const nameTaken = t.nameTaken;
const nothingLeft = t.nothingToShare;
const notSetUp = t.notSetUp;

/** Why it failed on a server, in words for guests: without addresses and details. */
const reasons: Record<string, string> = {
  username_taken: nameTaken,
  taken: nameTaken,
  invalid: t.credentialsRefused,
  invalid_username: t.nameRefused,
  starting: t.starting,
  busy: t.busy,
  rate_limited: t.busy,
  unreachable: noAnswer,
  connection_lost: noAnswer,
  server_timeout: t.timeout,
  circuit_open: t.failing,
  plex_tv_failed: t.plexDown,
  own_account: t.ownAccount,
  user_already_exists: t.alreadyShared,
  unknown_user: t.unknownAddress,
  invalid_email: t.addressRefused,
  home_pin_invalid: t.pinRefused,
  library_required: nothingLeft,
  library_unknown: nothingLeft,
  libraries_missing: nothingLeft,
  unauthorized: notSetUp,
  api_key_rejected: notSetUp,
  not_owner: notSetUp
};

export const because = (code: string | null): string => (code && reasons[code]) ?? t.otherFailure;

const ofTheName = new Set(['username_taken', 'taken', 'invalid', 'invalid_username']);
const ofTheAccount = new Set([
  'own_account',
  'user_already_exists',
  'unknown_user',
  'invalid_email'
]);

const someOf = (codes: Set<string>, { servers }: JoinProgress): boolean =>
  servers.some(({ error_code }) => error_code !== null && codes.has(error_code));

/** True when another name may be all it takes. */
export const wantsOtherName = (progress: JoinProgress): boolean => someOf(ofTheName, progress);

/** True when another Plex account may be all it takes. */
export const wantsOtherAccount = (progress: JoinProgress): boolean =>
  someOf(ofTheAccount, progress);

/** True when trying the same once more may work. */
export const mayPass = (code: string | null): boolean =>
  code === null || !(ofTheName.has(code) || ofTheAccount.has(code));
