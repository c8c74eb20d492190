import { expect, test } from 'vitest';
import { scriptsOf, type Manifest } from './weigh.ts';

const manifest: Manifest = {
  start: { file: 'start.js', isEntry: true, imports: ['kit'] },
  app: {
    file: 'app.js',
    isEntry: true,
    dynamicImports: ['x/nodes/0.js', 'x/nodes/1.js', 'x/nodes/2.js', 'x/nodes/3.js', 'late']
  },
  kit: { file: 'kit.js' },
  late: { file: 'late.js' },
  'x/nodes/0.js': { file: '0.js', isEntry: true },
  'x/nodes/1.js': { file: '1.js', isEntry: true, imports: ['button'] },
  'x/nodes/2.js': { file: '2.js', isEntry: true, imports: ['queries'] },
  'x/nodes/3.js': { file: '3.js', isEntry: true, imports: ['button'], dynamicImports: ['form'] },
  button: { file: 'button.js', imports: ['kit'] },
  queries: { file: 'queries.js' },
  form: { file: 'form.js', imports: ['rules', 'look.css'] },
  rules: { file: 'rules.js' },
  'look.css': { file: 'look.css' }
};

test('a page weighs all it loads, also later, and nothing of other pages', () => {
  expect([...scriptsOf(manifest, ['3'])].toSorted()).toEqual(
    [
      '0.js',
      '1.js',
      '3.js',
      'app.js',
      'button.js',
      'form.js',
      'kit.js',
      'late.js',
      'rules.js',
      'start.js'
    ].toSorted()
  );
});

test('a library that the page begins to import is counted', () => {
  const heavier = { ...manifest, rules: { file: 'rules.js', imports: ['queries'] } };
  expect(scriptsOf(heavier, ['3'])).toContain('queries.js');
});
