import { t } from './facts_messages.ts';

/** Stands for whichever language a title was made in. */
export const ORIGINAL = 'original';

const names = new Intl.DisplayNames('en', { type: 'language', fallback: 'code' });

/** "French" of `fr`. */
export function languageWords(tag: string): string {
  if (tag === ORIGINAL) return t.originalLanguage;
  try {
    return names.of(tag) ?? tag;
  } catch {
    return tag; // not a tag
  }
}
