import { client, unwrap } from '../api/client.ts';
import type { Run } from '../api/types.ts';

const POLL = 1000;

export const isRunning = ({ status }: Pick<Run, 'status'>): boolean =>
  status === 'running' || status === 'queued';

export const getRun = (id: string): Promise<Run> =>
  unwrap(client.GET('/api/v1/runs/{id}', { params: { path: { id } } }));

/** Waits for a run to end, however long it takes. */
export async function followRun(id: string): Promise<Run> {
  for (;;) {
    const run = await getRun(id);
    if (!isRunning(run)) return run;
    await new Promise((resolve) => setTimeout(resolve, POLL));
  }
}
