import { client, unwrap } from '#lib/api/client.ts';

export const startJob = (name: string) =>
  unwrap(client.POST('/api/v1/jobs/{name}/run', { params: { path: { name } } }));

export function listRuns(cursor: string | undefined) {
  const query = { limit: 25, ...(cursor && { cursor }) };
  return unwrap(client.GET('/api/v1/runs', { params: { query } }));
}
