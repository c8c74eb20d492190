import type { Run } from './types.ts';

/** An event of the server; each kind has its name. */
export type LiveEvent = { type: 'run' } & Run;

/**
 * Listens to the server until the returned function is called.
 * The browser connects again by itself; while it cannot, lists still refresh on their own.
 */
export function listen(onevent: (event: LiveEvent) => void): () => void {
  const source = new EventSource('/api/v1/events');
  const read = ({ data }: MessageEvent<string>) => onevent(JSON.parse(data) as LiveEvent);
  source.addEventListener('message', read);
  source.addEventListener('run', read);
  return () => source.close();
}
