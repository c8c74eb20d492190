import { expect, test } from 'vitest';
import { ApiError } from '#lib/api/errors.ts';
import type { JoinProgress } from '#lib/api/types.ts';
import { endingOf, troubleOf, wantsOtherName } from './words.ts';

const error = (status: number, code: string, retryAfter: number | null = null) =>
  new ApiError(status, code, 'for the log', [], 'ref', retryAfter);

const progress = (
  status: JoinProgress['status'],
  error_code: string | null = null
): JoinProgress => ({
  status,
  servers: [
    { id: 's1', name: 'Attic', status: error_code ? 'failed' : 'done', error_code, url: null },
    { id: 's2', name: 'Cellar', status: 'undone', error_code: null, url: null }
  ]
});

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

test('a name lost in a race asks for another one', () => {
  expect(wantsOtherName(progress('undone', 'username_taken'))).toBe(true);
  expect(wantsOtherName(progress('undone', 'unreachable'))).toBe(false);
});

test('the end is told in plain words', () => {
  expect(endingOf(progress('succeeded'), 'ann').text).toBe(
    'Sign in as “ann”, with the password you chose.'
  );
  expect(endingOf(progress('undone', 'unreachable'), 'ann').text).toBe(
    'On Attic: it did not answer. Nothing was left behind, and your invitation is not used.'
  );
  expect(endingOf(progress('partial', 'busy'), 'ann').text).toContain(
    'Attic did not work this time'
  );
});
