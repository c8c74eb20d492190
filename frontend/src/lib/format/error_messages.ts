import { catalogue } from '../messages/catalogue.ts';

/** What went wrong, by the `error_code` of the API. Codes whose `detail` names names stay out. */
export const t = catalogue('errors', {
  no_answer: 'Zondarr did not answer. Check the connection, then try again.',
  internal_error: 'Zondarr had an internal error. Try again; the reference finds it in the log.',
  busy: 'Zondarr is busy at the moment. Try again in a few seconds.',
  forbidden: 'You are not allowed to do this.',
  role_missing: 'Your role does not allow this.',
  csrf_failed: 'This page is out of date. Reload it, then try again.',
  credentials_wrong: 'The e-mail address or the password is wrong.',
  password_wrong: 'The current password is wrong.',
  setup_token_wrong: 'The set-up token is wrong. Zondarr printed it on its console.',
  already_set_up: 'Zondarr is already set up. Sign in instead.',
  email_taken: 'An account with this e-mail address already exists.',
  code_taken: 'This code is already used by another invitation.',
  address_not_allowed: 'This address is not allowed. Use the http or https address of a server.',
  api_key_needed: 'Enter the key again, because the address leads to another host.',
  plex_sign_in_needed: 'The sign-in with Plex has expired. Sign in again.',
  idempotency_conflict: 'This was already sent with other answers. Reload the page.'
});
