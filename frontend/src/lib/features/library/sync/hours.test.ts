import { expect, test } from 'vitest';
import { hourIn, NEVER, syncHours } from './hours.ts';

test('hours are those of the reader’s clock, and kept as those of the server', () => {
  expect(hourIn(4, 'Europe/Amsterdam')).toBe('05:00');
  const hours = syncHours('Asia/Kolkata');
  expect(hours).toHaveLength(25);
  expect(hours[0]).toEqual({ value: '19', label: '00:30' });
  expect(hours.at(-1)?.value).toBe(NEVER);
});
