import { Linter } from 'eslint';
import svelte from 'eslint-plugin-svelte';
import { expect, test } from 'vitest';
import rule from './no-literal-text.js';

const found = (code: string, filename = 'src/Example.svelte') =>
  new Linter({ configType: 'flat' })
    .verify(
      code,
      [
        ...(svelte.configs.base as Linter.Config[]),
        {
          files: ['**/*.svelte', '**/*.js'],
          plugins: { messages: { rules: { 'no-literal-text': rule } } },
          rules: { 'messages/no-literal-text': 'error' }
        }
      ],
      filename
    )
    .map(({ message }) => message);

test.each([
  '<p>No people yet</p>',
  '<p>Synced {when}.</p>',
  '<button aria-label="Close the dialog"></button>',
  '<Field hint="You sign in with it." />',
  '<p>{done ? "Your access has ended" : t.active}</p>',
  '<script>const words = `${name} is added`;</script>'
])('a text that people read is found: %s', (code) => {
  expect(found(code)).toHaveLength(1);
});

test('a label in code is found, though it is one word', () => {
  expect(found("export const options = [{ label: 'All', value: '' }];", 'src/a.js')).toHaveLength(
    1
  );
});

test.each([
  '<p>{t.empty}</p>',
  '<p class="text-sm text-muted">{name} · {host}</p>',
  '<a href="/invitations/new" rel="external noopener">{t.create}</a>',
  '<input placeholder="http://192.168.1.10:8096" />',
  "<script>import x from './some file.js';</script>",
  '<p class={["font-medium", done && "text-muted line-through"]}>{t.done}</p>',
  "<script>throw new Error('no clipboard here');</script>"
])('what only machines and developers read is left alone: %s', (code) => {
  expect(found(code)).toEqual([]);
});
