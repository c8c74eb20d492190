import { languageWords, ORIGINAL } from '#lib/format/languages.ts';

/** The languages that most libraries have; others stay as they are where they are set. */
const COMMON = [
  'ar',
  'bg',
  'bn',
  'ca',
  'cs',
  'da',
  'de',
  'el',
  'en',
  'es',
  'et',
  'fa',
  'fi',
  'fr',
  'he',
  'hi',
  'hr',
  'hu',
  'id',
  'is',
  'it',
  'ja',
  'ko',
  'lt',
  'lv',
  'ms',
  'nl',
  'no',
  'pl',
  'pt',
  'pt-BR',
  'ro',
  'ru',
  'sk',
  'sl',
  'sr',
  'sv',
  'ta',
  'te',
  'th',
  'tr',
  'uk',
  'vi',
  'zh'
];
export function languageOptions(): { value: string; label: string }[] {
  const options = COMMON.map((value) => ({ value, label: languageWords(value) }));
  options.sort((one, other) => one.label.localeCompare(other.label));
  return [{ value: ORIGINAL, label: languageWords(ORIGINAL) }, ...options];
}
