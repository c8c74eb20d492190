// Fails when the guest's page, or the first load of the operator's pages, needs more JavaScript
// than it may. Reads the last build; `npm run build` first.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { scriptsOf, weigh, type Manifest } from './weigh.ts';

const KB = 1000;
const LIMITS = { join: 60 * KB, first: 200 * KB };
const client = '.svelte-kit/output/client';
const nodes = '.svelte-kit/generated/build/client-optimized/nodes';
const routes = 'src/routes';

const nodeFiles = globSync(`${nodes}/*.js`).map((file) => ({
  number: /(\d+)\.js$/.exec(file)?.[1] ?? '',
  text: readFileSync(file, 'utf8')
}));

function nodeOf(path: string): string {
  const node = nodeFiles.find(({ text }) => text.includes(`${routes}/${path}`));
  if (!node) throw new Error(`No node of the build is ${path}; is there a build?`);
  return node.number;
}

const manifest = JSON.parse(readFileSync(`${client}/.vite/manifest.json`, 'utf8')) as Manifest;
const withTheme = (files: Iterable<string>) => weigh([...files, 'static/theme.js']);
const load = (paths: string[]) =>
  withTheme([...scriptsOf(manifest, paths.map(nodeOf))].map((file) => join(client, file)));

const sizes = {
  join: load(['join/[code]/+page.svelte']),
  // What an operator loads to arrive: the door, the frame of every page, and the overview. The
  // other pages load their own parts when they are opened.
  first: load(['(signed-out)/sign-in/+page.svelte', '(app)/+layout.svelte', '(app)/+page.svelte']),
  library: load(['(app)/+layout.svelte', '(app)/library/[[part]]/+page.svelte']),
  all: withTheme(globSync(`${client}/_app/**/*.js`))
};

const row = (label: string, bytes: number, limit?: number) =>
  `${label.padEnd(34)} ${(bytes / KB).toFixed(1).padStart(6)} kB${limit ? ` of ${limit / KB} kB` : ''}`;
console.log('JavaScript, gzip');
console.log(row('Join page', sizes.join, LIMITS.join));
console.log(row('First load: sign-in and overview', sizes.first, LIMITS.first));
console.log(row('Library, when opened first', sizes.library));
console.log(row('Every page there is', sizes.all));

if (sizes.join > LIMITS.join || sizes.first > LIMITS.first) {
  console.error('Too large: see which chunks grew in the output of `npm run build`.');
  process.exit(1);
}
