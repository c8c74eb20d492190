// @vitest-environment jsdom
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

const fetch = vi.hoisted(() => {
  const fetch = vi.fn<(address: string) => Promise<Response>>();
  vi.stubGlobal('fetch', fetch);
  return fetch;
});
const { signIns } = await import('./storage.ts');
const { GuestSignIn } = await import('./plex_sign_in.svelte.ts');

const answer = (body: unknown, status = 200) =>
  Promise.resolve(
    new Response(JSON.stringify(body), {
      status,
      headers: { 'Content-Type': 'application/json' }
    })
  );
const ada = { authenticated: true, email: 'ada@example.org', username: 'ada', error: null };
const nobody = { ...ada, authenticated: false, email: null, username: null };
const MINUTE = 60_000;

function keep(endsIn: number, pin_id = 'p') {
  signIns.write('X', {
    pin_id,
    code: 'c',
    auth_url: 'https://plex/auth',
    expires_at: new Date(Date.now() + endsIn).toISOString(),
    typed: { username: 'ann', email: '' }
  });
}

beforeEach(() => vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  fetch.mockReset();
  localStorage.clear();
});

test('a sign-in that was begun is taken up, with what was typed', async () => {
  keep(20 * MINUTE);
  fetch.mockImplementationOnce(() => answer(nobody)).mockImplementation(() => answer(ada));
  const signing = new GuestSignIn('x');
  void signing.open();
  expect(signing.pending?.typed.username).toBe('ann');
  await vi.advanceTimersByTimeAsync(10);
  expect(signing.who).toBeNull();
  expect(signing.busy).toBe(false);
  await vi.advanceTimersByTimeAsync(2_600);
  expect(signing.who).toEqual(ada);
  expect(signing.pinId).toBe('p');
});

test('what another tab has begun since is asked for instead', async () => {
  keep(20 * MINUTE);
  fetch.mockImplementation((address) => answer(address.endsWith('/newer') ? ada : nobody));
  const signing = new GuestSignIn('X');
  void signing.open();
  await vi.advanceTimersByTimeAsync(10);
  keep(20 * MINUTE, 'newer');
  await vi.advanceTimersByTimeAsync(10_000);
  expect(signing.pinId).toBe('newer');
});

test('it is asked less and less often, and no more once it is known', async () => {
  keep(20 * MINUTE);
  fetch.mockImplementation(() => answer(nobody));
  const signing = new GuestSignIn('X');
  void signing.open();
  await vi.advanceTimersByTimeAsync(10 * MINUTE);
  const asked = fetch.mock.calls.length;
  expect(asked).toBeGreaterThan(30);
  expect(asked).toBeLessThan(60);
  fetch.mockImplementation(() => answer(ada));
  await vi.advanceTimersByTimeAsync(10 * MINUTE);
  expect(fetch.mock.calls.length).toBe(asked + 1);
});

test('a failed request is shown, and sent again', async () => {
  keep(20 * MINUTE);
  fetch.mockImplementationOnce(() => answer({ error_code: 'plex_tv_failed' }, 502));
  fetch.mockImplementation(() => answer(ada));
  const signing = new GuestSignIn('X');
  void signing.open();
  await vi.advanceTimersByTimeAsync(10);
  expect(signing.problem).toMatchObject({ status: 502 });
  await vi.advanceTimersByTimeAsync(3_000);
  expect(signing.who).toEqual(ada);
  expect(signing.problem).toBeNull();
});

test.each([
  ['is over', 20 * MINUTE, () => answer({ ...nobody, error: 'expired' }), 'expired'],
  ['is not known any more', -MINUTE, () => answer({}, 404), 'expired'],
  ['is another browser’s', 20 * MINUTE, () => answer({}, 404), 'lost']
])('a sign-in that %s is forgotten, and said so', async (_, endsIn, reply, problem) => {
  keep(endsIn);
  fetch.mockImplementation(reply);
  const signing = new GuestSignIn('X');
  void signing.open();
  await vi.advanceTimersByTimeAsync(10 * MINUTE);
  expect(signing.problem).toBe(problem);
  expect(signing.pending).toBeNull();
  expect(signIns.read('X')).toBeNull();
  expect(fetch).toHaveBeenCalledOnce();
});

test('one that was over long ago is not worth a word', async () => {
  keep(-90 * MINUTE);
  const signing = new GuestSignIn('X');
  await signing.open();
  expect(signing).toMatchObject({ pending: null, problem: null, busy: false });
  expect(fetch).not.toHaveBeenCalled();
});

test('an account without an address is signed in all the same', async () => {
  keep(20 * MINUTE);
  fetch.mockImplementation(() => answer({ ...ada, email: null, error: 'email_missing' }));
  const signing = new GuestSignIn('X');
  void signing.open();
  await vi.advanceTimersByTimeAsync(10);
  expect(signing.who?.username).toBe('ada');
  expect(signing.pinId).toBe('p');
});
