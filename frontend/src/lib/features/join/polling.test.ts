// @vitest-environment jsdom
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { untilDue } from './polling.ts';

let hidden = false;

beforeEach(() => {
  hidden = false;
  vi.useFakeTimers();
  vi.spyOn(document, 'hidden', 'get').mockImplementation(() => hidden);
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

function turn(on: boolean) {
  hidden = on;
  document.dispatchEvent(new Event('visibilitychange'));
}

async function isOver(wait: Promise<void>): Promise<boolean> {
  let over = false;
  void wait.then(() => (over = true));
  await vi.advanceTimersByTimeAsync(0);
  return over;
}

test('in sight, it is untilDue when the time has passed', async () => {
  const wait = untilDue(2000);
  await vi.advanceTimersByTimeAsync(1999);
  expect(await isOver(wait)).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  expect(await isOver(wait)).toBe(true);
});

test('out of sight it is never untilDue, and back in sight at once', async () => {
  const wait = untilDue(2000);
  turn(true);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(await isOver(wait)).toBe(false);
  turn(false);
  expect(await isOver(wait)).toBe(true);
});

test('a page that the back button brought again is untilDue at once', async () => {
  const wait = untilDue(15_000);
  window.dispatchEvent(new Event('pageshow'));
  expect(await isOver(wait)).toBe(true);
});
