/** The two letters and colours that stand for a title without a picture. */
export interface Placeholder {
  letters: string;
  hue: number;
  /** Which of the patterns is drawn behind the letters. */
  pattern: number;
}

const PATTERNS = 4;

/** Words that say nothing about a title. */
const FILLERS = new Set(['the', 'a', 'an', 'of', 'and', 'le', 'la', 'les', 'der', 'die', 'das']);

function hash(text: string): number {
  let value = 2_166_136_261;
  for (const letter of text) value = Math.imul(value ^ (letter.codePointAt(0) ?? 0), 16_777_619);
  return value >>> 0;
}

/** The same title always looks the same. */
export function placeholderOf(name: string): Placeholder {
  const words = name.split(/[^\p{L}\p{N}]+/u).filter(Boolean);
  const telling = words.filter((word) => !FILLERS.has(word.toLowerCase()));
  const letters = (telling.length ? telling : words)
    .slice(0, 2)
    .map((word) => [...word][0] ?? '')
    .join('')
    .toUpperCase();
  const seed = hash(name);
  return { letters: letters || '·', hue: seed % 360, pattern: (seed >>> 9) % PATTERNS };
}
