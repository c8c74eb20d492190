import adapter from '@sveltejs/adapter-static';
import { sveltekit } from '@sveltejs/kit/vite';
import tailwindcss from '@tailwindcss/vite';
import { svelteTesting } from '@testing-library/svelte/vite';
import { defineConfig } from 'vitest/config';

// The inline style that SvelteKit carries for its announcer for screen readers. No other is let
// in; a browser test fails when the hash goes stale.
const inlineStyles: `sha256-${string}`[] = ['sha256-S8qMpvofolR8Mpjy4kQvEm7m1q8clzU4dfDH0AmvZjo='];
const guestParts =
  /nanostores|src\/lib\/(api\/(client|errors|messages|request)|format\/(dates|field_error_messages|field_errors|messages|words)|messages\/catalogue|state\/form)\.|src\/lib\/ui\/(Button|Field|form_messages|Input|Notice|PasswordInput|Reference|Spinner|StrokeIcon|Ticket|Wordmark|control|tone)\./;
// Long lists and what is in their rows: loaded with the pages that have some.
const listParts =
  /node_modules\/@tanstack\/virtual-core\/|src\/lib\/(format\/(facts|facts_messages|languages|poster|until)|state\/selection\.svelte|ui\/(FactList|FilterBar|KeyHelp|list_keys|list_messages|Poster|RowList|UntilFields|until_messages|virtual\.svelte|VirtualRows))\./;
const operatorParts =
  /node_modules\/(@tanstack\/(svelte-query|query-core)|valibot)\/|src\/lib\/(api|format|state|ui)\//;
const isOperatorPart = (id: string) => operatorParts.test(id) && !listParts.test(id);
const backend = process.env['ZONDARR_URL'] ?? 'http://127.0.0.1:8000';

export default defineConfig({
  plugins: [
    tailwindcss(),
    sveltekit({
      adapter: adapter({ fallback: 'index.html', precompress: true }),
      paths: { relative: false },
      csp: {
        mode: 'hash',
        directives: {
          'default-src': ['self'],
          'script-src': ['self'],
          'style-src': ['self'],
          'style-src-attr': ['unsafe-hashes', ...inlineStyles],
          'img-src': ['self', 'data:'],
          'object-src': ['none'],
          'base-uri': ['none'],
          'form-action': ['self']
        }
      }
    }),
    svelteTesting()
  ],
  build: {
    rolldownOptions: {
      output: {
        // The small parts that the guest's page shares with the others lie in one file:
        // that is 1.7 kB less for the guest than the same in twenty.
        codeSplitting: {
          groups: [
            { name: 'base', test: guestParts, priority: 2 },
            { name: 'app', test: isOperatorPart, priority: 1 },
            { name: 'lists', test: listParts, priority: 0 }
          ]
        }
      }
    }
  },
  server: { proxy: { '/api': backend, '/docs': backend, '/health': backend } },
  test: {
    include: ['src/**/*.test.ts', 'scripts/**/*.test.ts'],
    setupFiles: ['./tests/setup.ts']
  }
});
