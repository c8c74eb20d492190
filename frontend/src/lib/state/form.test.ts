import { expect, test, vi } from 'vitest';
import * as v from 'valibot';
import { ApiError } from '../api/errors.ts';
import { Form } from './form.svelte.ts';
import { rules } from './rules.ts';

const refusal = (fields: { field: string; code: string; message: string }[]) =>
  new ApiError(400, 'validation_error', 'Please look at it.', fields, 'ref');

const named = rules(v.object({ name: v.pipe(v.string(), v.minLength(1, 'Enter a name.')) }));

test('nothing is sent while an answer is wrong', async () => {
  const call = vi.fn();
  const form = new Form({ name: '' }, named);
  expect(await form.submit(call)).toBe(false);
  expect(form.errors).toEqual({ name: 'Enter a name.' });
  expect(call).not.toHaveBeenCalled();
});

test('a second press while the first is on its way sends nothing', async () => {
  let arrive: () => void = () => undefined;
  const call = vi.fn(() => new Promise<void>((resolve) => (arrive = resolve)));
  const form = new Form({ name: 'Attic' }, named);
  const first = form.submit(call);
  expect(form.busy).toBe(true);
  expect(await form.submit(call)).toBe(false);
  arrive();
  expect(await first).toBe(true);
  expect(call).toHaveBeenCalledOnce();
  expect(form.busy).toBe(false);
});

test('what the server says of a field stands at the field, as a sentence', async () => {
  const form = new Form({ name: 'x' });
  await form.submit(() =>
    Promise.reject(refusal([{ field: 'name', code: 'taken', message: 'is taken' }]))
  );
  expect(form.errors).toEqual({ name: 'Is taken.' });
  expect(form.problem).toBeNull();
});

test('a problem that has a text for its code is shown with that', async () => {
  const form = new Form({ name: 'x' });
  const problem = { field: 'name', code: 'too_long', message: 'Expected `str` of length <= 64' };
  await form.submit(() => Promise.reject(refusal([problem])));
  expect(form.errors).toEqual({ name: 'This is too long.' });
});

test('what it says of something that is not in the form is not lost', async () => {
  const form = new Form({ name: 'x' });
  const error = refusal([{ field: 'other', code: 'invalid', message: 'is wrong' }]);
  await form.submit(() => Promise.reject(error));
  expect(form.problem).toBe(error);
});

test('a mistake of ours is not taken for a refusal', async () => {
  const form = new Form({ name: 'x' });
  await expect(form.submit(() => Promise.reject(new TypeError('ours')))).rejects.toThrow('ours');
  expect(form.busy).toBe(false);
});
