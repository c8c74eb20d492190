import { expect, test } from 'vitest';
import { ApiError } from '#lib/api/errors.ts';
import { signInProblem, problemOf } from './problems.ts';

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
  const problem = problemOf(error(status, code));
  expect(problem.next.length).toBeGreaterThan(20);
  expect(problem.next).not.toContain('for the log');
});

test('only a mistyped code asks for the code again', () => {
  expect(problemOf(error(404, 'invitation_not_found')).recode).toBe(true);
  expect(problemOf(error(410, 'invitation_expired')).recode).toBeUndefined();
});

test('a limit says how long to wait', () => {
  expect(problemOf(error(429, 'too_many_requests', 12)).next).toContain('12 seconds');
  expect(problemOf(error(429, 'too_many_requests', 600)).next).toContain('a few minutes');
});

test('a sign-in that did not come about says why and what to do', () => {
  expect(signInProblem('expired')).toContain('expired. Sign in again');
  expect(signInProblem('lost')).toContain('another browser');
  expect(signInProblem('blocked')).toContain('cookies');
  expect(signInProblem(error(502, 'plex_tv_failed'))).toContain('Plex is not answering');
  expect(signInProblem(error(429, 'too_many_requests', 9))).toContain('Wait 9 seconds');
  expect(signInProblem(error(0, 'no_answer'))).toContain('internet connection');
});
