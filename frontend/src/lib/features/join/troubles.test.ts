import { expect, test } from 'vitest';
import { ApiError } from '#lib/api/errors.ts';
import { signInWords, troubleOf } from './troubles.ts';

const error = (status: number, code: string, retryAfter: number | null = null) =>
  new ApiError(status, code, 'for the log', [], 'ref', retryAfter);

test.each([
  ['invitation_not_found', 404],
  ['invitation_expired', 410],
  ['invitation_exhausted', 410],
  ['invitation_disabled', 410],
  ['nothing_to_give', 409],
  ['too_many_requests', 429],
  ['no_answer', 0],
  ['internal_error', 500]
])('%s says what to do next, and nothing of the log', (code, status) => {
  const trouble = troubleOf(error(status, code));
  expect(trouble.next.length).toBeGreaterThan(20);
  expect(trouble.next).not.toContain('for the log');
});

test('only a mistyped code asks for the code again', () => {
  expect(troubleOf(error(404, 'invitation_not_found')).recode).toBe(true);
  expect(troubleOf(error(410, 'invitation_expired')).recode).toBeUndefined();
});

test('a limit says how long to wait', () => {
  expect(troubleOf(error(429, 'too_many_requests', 12)).next).toContain('12 seconds');
  expect(troubleOf(error(429, 'too_many_requests', 600)).next).toContain('a few minutes');
});

test('a sign-in that did not come about says why and what to do', () => {
  expect(signInWords('expired')).toContain('expired. Sign in once more');
  expect(signInWords('lost')).toContain('another browser');
  expect(signInWords('blocked')).toContain('cookies');
  expect(signInWords(error(502, 'plex_tv_failed'))).toContain('Plex does not answer just now');
  expect(signInWords(error(429, 'too_many_requests', 9))).toContain('Wait 9 seconds');
  expect(signInWords(error(0, 'no_answer'))).toContain('internet connection');
});
