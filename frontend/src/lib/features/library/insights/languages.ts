import { t } from './policy_messages.ts';

const ORIGINAL = 'original';

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
const names = new Intl.DisplayNames('en', { type: 'language', fallback: 'code' });

/** "French" of `fr`. */
export function languageWords(tag: string): string {
  if (tag === ORIGINAL) return t.original;
  try {
    return names.of(tag) ?? tag;
  } catch {
    return tag; // not a tag
  }
}

export function languageOptions(): { value: string; label: string }[] {
  const options = COMMON.map((value) => ({ value, label: languageWords(value) }));
  options.sort((one, other) => one.label.localeCompare(other.label));
  return [{ value: ORIGINAL, label: t.original }, ...options];
}
