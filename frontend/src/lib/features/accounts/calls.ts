import { client, unwrap } from '#lib/api/client.ts';

export const setupNeeded = async (): Promise<boolean> =>
  (await unwrap(client.GET('/api/v1/setup'))).needed;

export const setUp = (body: {
  setup_token: string;
  email: string;
  password: string;
  workspace_name: string | null;
}) => unwrap(client.POST('/api/v1/setup', { body }));

export const signIn = (body: { email: string; password: string }) =>
  unwrap(client.POST('/api/v1/session', { body }));

export const signOut = () => unwrap(client.DELETE('/api/v1/session'));

export const activeSessions = () => unwrap(client.GET('/api/v1/sessions'));

export const endSession = (id: string) =>
  unwrap(client.DELETE('/api/v1/sessions/{id}', { params: { path: { id } } }));

export const changePassword = (body: { current_password: string; new_password: string }) =>
  unwrap(client.POST('/api/v1/account/password', { body }));
