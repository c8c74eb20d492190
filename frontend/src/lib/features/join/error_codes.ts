import type { JoinProgress } from '#lib/api/types.ts';

const silent = 'it did not answer';
const nameTaken = 'that name is taken';
const nothingLeft = 'there is nothing on it to share just now';
const notSetUp = 'it is not set up right';

/** Why it failed on a server, told to a guest: never an address, never a log line. */
const reasons: Record<string, string> = {
  username_taken: nameTaken,
  taken: nameTaken,
  invalid: 'it does not accept this name or password',
  invalid_username: 'it does not accept this name',
  starting: 'it was just starting up',
  busy: 'it had too much to do',
  rate_limited: 'it had too much to do',
  unreachable: silent,
  connection_lost: silent,
  server_timeout: 'it did not answer in time',
  circuit_open: 'it has problem just now',
  plex_tv_failed: 'Plex is out of order just now',
  own_account: 'this Plex account owns the server',
  user_already_exists: 'it is shared with this Plex account already',
  unknown_user: 'Plex knows nobody with this address',
  invalid_email: 'Plex does not accept this address',
  home_pin_invalid: 'it takes a PIN of four digits, or none',
  library_required: nothingLeft,
  library_unknown: nothingLeft,
  libraries_missing: nothingLeft,
  unauthorized: notSetUp,
  api_key_rejected: notSetUp,
  not_owner: notSetUp
};

export const because = (code: string | null): string =>
  (code && reasons[code]) ?? 'it did not go through';

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
