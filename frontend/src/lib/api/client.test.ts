import { afterEach, expect, test, vi } from 'vitest';
import { unwrap, useCsrfToken, whenSignedOut } from './client.ts';
import { ApiError } from './errors.ts';

const answer = (status: number, body?: unknown, headers: Record<string, string> = {}) =>
  Promise.resolve({
    ...(status < 400 ? { data: body } : { error: body }),
    response: new Response(null, { status, headers })
  });

const failure = (call: Promise<unknown>) =>
  call.then(
    () => expect.fail('the call should have failed'),
    (error: unknown) => error as ApiError
  );

afterEach(() => useCsrfToken(null));

test('an answer that went well is its body', async () => {
  expect(await unwrap(answer(200, { needed: true }))).toEqual({ needed: true });
});

test('a refusal keeps its words, code, fields and reference', async () => {
  const body = {
    detail: 'The name is taken.',
    error_code: 'username_taken',
    correlation_id: 'ref-1',
    fields: [{ field: 'username', message: 'taken' }]
  };
  const error = await failure(unwrap(answer(409, body)));
  expect(error).toBeInstanceOf(ApiError);
  expect(error).toMatchObject({
    status: 409,
    code: 'username_taken',
    detail: 'The name is taken.',
    fields: body.fields,
    reference: 'ref-1'
  });
});

test('an answer that is not ours still says something', async () => {
  const headers = { 'X-Correlation-ID': 'ref-2', 'Retry-After': '30' };
  const error = await failure(unwrap(answer(503, '<html>', headers)));
  expect(error).toMatchObject({ code: 'http_503', reference: 'ref-2', retryAfter: 30 });
  expect(error.detail).toContain('503');
});

test('no answer at all is status 0', async () => {
  const error = await failure(unwrap(Promise.reject(new TypeError('Failed to fetch'))));
  expect(error).toMatchObject({ status: 0, code: 'no_answer' });
});

test('the end of a session is reported to signed-in pages, not to the sign-in itself', async () => {
  const ended = vi.fn();
  whenSignedOut(ended);
  await failure(unwrap(answer(401, {})));
  expect(ended).not.toHaveBeenCalled();
  useCsrfToken('token');
  await failure(unwrap(answer(401, {})));
  expect(ended).toHaveBeenCalledOnce();
});
