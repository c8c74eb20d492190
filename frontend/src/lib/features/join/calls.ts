import { client, unwrap } from '#lib/api/client.ts';
import type { JoinAccepted, JoinPage, JoinProgress, PlexPin, PlexSignIn } from '#lib/api/types.ts';

/** What the guest types; a field that is not asked for stays away. */
export interface Answers {
  username?: string;
  password?: string;
  email?: string;
  plex_pin_id?: string;
  plex_home_pin?: string;
}

export const getInvitation = (code: string): Promise<JoinPage> =>
  unwrap(client.GET('/api/v1/join/{code}', { params: { path: { code } } }));

/** Sent twice with the same key it is one redemption, so it may be sent again. */
export const redeem = (code: string, body: Answers, key: string): Promise<JoinAccepted> =>
  unwrap(
    client.POST('/api/v1/join/{code}', {
      params: { path: { code }, header: { 'Idempotency-Key': key } },
      body
    })
  );

export const progressOf = ({ redemption_id, token }: JoinAccepted): Promise<JoinProgress> =>
  unwrap(
    client.GET('/api/v1/join/redemptions/{id}', {
      params: { path: { id: redemption_id }, header: { Authorization: `Bearer ${token}` } }
    })
  );

/** A sign-in of this browser; afterwards Plex sends it back to the invitation. */
export const beginSignIn = (code: string): Promise<PlexPin> =>
  unwrap(client.POST('/api/v1/join/plex/oauth/pin', { body: { code } }));

export const askSignIn = (pin_id: string): Promise<PlexSignIn> =>
  unwrap(client.GET('/api/v1/join/plex/oauth/pin/{pin_id}', { params: { path: { pin_id } } }));
