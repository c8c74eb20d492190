import { expect, test } from 'vitest';
import { bytes } from './sizes.ts';

test('bytes are written in the largest unit that fits', () => {
  const GB = 1024 ** 3;
  expect(
    [0, 900, 2_048, 812 * 1024 ** 2, 13.42 * GB, 3 * GB, 640.4 * GB, 2.5 * 1024 * GB].map(bytes)
  ).toEqual(['0 B', '900 B', '2 KiB', '812 MiB', '13.4 GiB', '3 GiB', '640 GiB', '2.5 TiB']);
});
