import { client, unwrap } from '#lib/api/client.ts';
import type { JoinAccepted, JoinPage, JoinProgress } from '#lib/api/types.ts';

/** What the guest types; a field that is not asked for stays away. */
export interface Answers {
  username?: string;
  password?: string;
  email?: string;
}

export const look = (code: string): Promise<JoinPage> =>
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
