// Fails when the guest's page, or the whole UI, needs more JavaScript than it may.
// Reads the last build; `npm run build` first.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { scriptsOf, weigh, type Manifest } from './weigh.ts';

const KB = 1000;
const LIMITS = { join: 60 * KB, all: 200 * KB };
const client = '.svelte-kit/output/client';
const nodes = '.svelte-kit/generated/build/client-optimized/nodes';
const JOIN = 'src/routes/join/[code]/+page.svelte';

const node = globSync(`${nodes}/*.js`).find((file) => readFileSync(file, 'utf8').includes(JOIN));
if (!node) throw new Error(`No node of the build is ${JOIN}; is there a build?`);
const number = /(\d+)\.js$/.exec(node)?.[1] ?? '';

const manifest = JSON.parse(readFileSync(`${client}/.vite/manifest.json`, 'utf8')) as Manifest;
const joinScripts = [...scriptsOf(manifest, [number])].map((file) => join(client, file));
const sizes = {
  join: weigh([...joinScripts, 'static/theme.js']),
  all: weigh([...globSync(`${client}/_app/**/*.js`), 'static/theme.js'])
};

const row = (label: string, bytes: number, limit: number) =>
  `${label.padEnd(22)} ${(bytes / KB).toFixed(1).padStart(6)} kB of ${limit / KB} kB (gzip)`;
console.log(row('Join page, JavaScript', sizes.join, LIMITS.join));
console.log(row('Whole UI, JavaScript', sizes.all, LIMITS.all));

if (sizes.join > LIMITS.join || sizes.all > LIMITS.all) {
  console.error('Too large: see which chunks grew in the output of `npm run build`.');
  process.exit(1);
}
