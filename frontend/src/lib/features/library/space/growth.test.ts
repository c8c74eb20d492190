import { expect, test } from 'vitest';
import { areaPath, changesIn, dayAt, linePath } from './growth.ts';

const day = (number: number, titles: number, bytes: number) => ({
  day: `2026-11-0${number}`,
  titles,
  bytes
});
const days = [day(1, 1, 50), day(2, 1, 50), day(3, 2, 100), day(4, 1, 100)];

test('the line is level between syncs, and its top is the largest size', () => {
  expect(linePath(days)).toBe('M0 74H200V74H400V8H600V8');
  expect(areaPath(days)).toBe('M0 74H200V74H400V8H600V8V140H0Z');
  expect(linePath([day(1, 0, 0)])).toBe('M0 140');
});

test('the table has the days on which something changed, the latest first', () => {
  expect(changesIn(days).map((row) => [row.day.at(-1), row.change])).toEqual([
    ['4', 0],
    ['3', 50],
    ['1', 0]
  ]);
});

test('the pointer finds the day below it', () => {
  expect([-1, 0, 0.4, 1, 2].map((at) => dayAt(days, at))).toEqual([0, 0, 1, 3, 3]);
});
