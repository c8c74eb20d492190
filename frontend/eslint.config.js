import boundaries from 'eslint-plugin-boundaries';
import svelte from 'eslint-plugin-svelte';
import { defineConfig, globalIgnores } from 'eslint/config';
import { fileURLToPath } from 'node:url';
import globals from 'globals';
import ts from 'typescript-eslint';
import noLiteralText from './scripts/no-literal-text.js';

/** @param {string[]} types */
const to = (...types) => ({ to: { element: { types: { anyOf: types } } } });
/** @param {string} type */
const from = (type) => ({ element: { type } });

export default defineConfig(
  globalIgnores([
    'scripts/resolve-lib.cjs',
    'build/',
    '.svelte-kit/',
    'static/',
    'test-results/',
    'playwright-report/',
    'src/lib/api/schema.d.ts'
  ]),
  ts.configs.strict,
  svelte.configs.recommended,
  {
    languageOptions: { globals: { ...globals.browser, ...globals.node } },
    rules: {
      'no-undef': 'off', // TypeScript's work
      complexity: ['error', 8],
      'max-depth': ['error', 3],
      'max-lines': ['error', { max: 250, skipBlankLines: true, skipComments: true }]
    }
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: ts.parser } },
    rules: { 'svelte/no-navigation-without-resolve': 'off' } // served at the root, always
  },
  {
    // Every text that people read goes through a catalogue.
    files: ['src/**/*.{ts,svelte}'],
    ignores: ['**/*.test.ts', '**/*messages.ts'],
    plugins: { messages: { rules: { 'no-literal-text': noLiteralText } } },
    rules: { 'messages/no-literal-text': 'error' }
  },
  {
    // The floors of the UI: routes -> features -> api, state -> ui -> format.
    files: ['src/**/*.{ts,svelte}'],
    plugins: { boundaries },
    settings: {
      'import/resolver': {
        [fileURLToPath(new URL('scripts/resolve-lib.cjs', import.meta.url))]: {},
        node: { extensions: ['.ts', '.svelte'] }
      },
      'boundaries/elements': [
        { type: 'route', pattern: 'src/routes' },
        { type: 'feature', pattern: 'src/lib/features/*', capture: ['name'] },
        { type: 'state', pattern: 'src/lib/state' },
        { type: 'api', pattern: 'src/lib/api' },
        { type: 'ui', pattern: 'src/lib/ui' },
        { type: 'format', pattern: 'src/lib/format' },
        { type: 'messages', pattern: 'src/lib/messages' }
      ]
    },
    rules: {
      'boundaries/dependencies': [
        'error',
        {
          default: 'disallow',
          policies: [
            {
              from: from('route'),
              allow: to('route', 'feature', 'state', 'api', 'ui', 'format', 'messages')
            },
            { from: from('feature'), allow: to('state', 'api', 'ui', 'format', 'messages') },
            {
              from: from('feature'),
              allow: {
                to: {
                  element: { type: 'feature', captured: { name: '{{from.element.captured.name}}' } }
                }
              }
            },
            { from: from('state'), allow: to('state', 'api', 'ui', 'format', 'messages') },
            { from: from('api'), allow: to('api', 'format', 'messages') },
            { from: from('ui'), allow: to('ui', 'format', 'messages') },
            { from: from('messages'), allow: to('messages') },
            { from: from('format'), allow: to('format', 'messages') },
            {
              from: { element: { type: '*' } },
              allow: { to: { module: { origin: ['external', 'core'] } } }
            }
          ]
        }
      ]
    }
  }
);
