import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

/** One chunk of Vite's manifest. */
export interface Chunk {
  file: string;
  isEntry?: boolean;
  imports?: string[];
  dynamicImports?: string[];
}
export type Manifest = Record<string, Chunk>;

/** SvelteKit gives every page, layout and error page a numbered node. */
const NODE = /\/nodes\/(\d+)\.js$/;

/** The root layout and the error page are part of every page. */
const EVERY_PAGE = new Set(['0', '1']);

const nodeOf = (key: string): string | undefined => NODE.exec(key)?.[1];

/**
 * Every script a page loads, its dynamic imports too: SvelteKit's entries, the nodes it stands
 * on, and all that these import. Of the app's entry, which can import every page there is,
 * only the nodes named are followed.
 */
export function scriptsOf(manifest: Manifest, pageNodes: string[]): Set<string> {
  const wanted = new Set([...EVERY_PAGE, ...pageNodes]);
  const files = new Set<string>();
  const queue = Object.keys(manifest).filter((key) => {
    const node = nodeOf(key);
    return manifest[key]?.isEntry && (node === undefined || wanted.has(node));
  });
  for (let key = queue.pop(); key !== undefined; key = queue.pop()) {
    const chunk = manifest[key];
    if (!chunk || files.has(chunk.file)) continue;
    files.add(chunk.file);
    const further = (chunk.dynamicImports ?? []).filter((one) => {
      const node = nodeOf(one);
      return node === undefined || wanted.has(node);
    });
    queue.push(...(chunk.imports ?? []), ...further);
  }
  return new Set([...files].filter((file) => file.endsWith('.js')));
}

/** What goes over the wire, in bytes. */
export const weigh = (paths: Iterable<string>): number =>
  [...paths].reduce((sum, path) => sum + gzipSync(readFileSync(path), { level: 9 }).length, 0);
