import { t } from './messages.ts';

const browsers: [RegExp, string][] = [
  [/Edg\//, 'Edge'],
  [/OPR\//, 'Opera'],
  [/Firefox\//, 'Firefox'],
  [/Chrom(e|ium)\//, 'Chrome'],
  [/Safari\//, 'Safari'],
  [/curl\//, 'curl']
];
const systems: [RegExp, string][] = [
  [/iPhone/, 'iPhone'],
  [/iPad/, 'iPad'],
  [/Android/, 'Android'],
  [/Mac OS X/, 'macOS'],
  [/Windows/, 'Windows'],
  [/Linux/, 'Linux']
];

const first = (table: [RegExp, string][], text: string) =>
  table.find(([sign]) => sign.test(text))?.[1];

/** "Firefox on Windows", as far as a user agent tells. */
export function deviceOf(userAgent: string | null): string {
  if (!userAgent) return t.unknownDevice;
  const browser = first(browsers, userAgent) ?? t.unknownBrowser;
  const system = first(systems, userAgent);
  return system ? t.browserOnSystem({ browser, system }) : browser;
}
