const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];

/** "13.4 GiB", "812 MiB": a number of bytes in the largest unit that fits. */
export function bytes(value: number): string {
  const step = value < 1 ? 0 : Math.min(Math.floor(Math.log2(value) / 10), UNITS.length - 1);
  const amount = value / 1024 ** step;
  const digits = step < 3 || amount >= 100 ? 0 : 1;
  return `${amount.toLocaleString('en-GB', { maximumFractionDigits: digits })} ${UNITS[step]}`;
}
