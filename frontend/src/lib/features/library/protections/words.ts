import type { Preset, Protection } from '#lib/api/types.ts';
import { languageWords } from '#lib/format/languages.ts';
import { list } from '#lib/format/words.ts';
import { insightNames } from './terms.ts';
import { t } from './messages.ts';

const titleWords = ({ name, year }: { name: string; year: number | null }) =>
  year ? t.nameAndYear({ name, year }) : name;

/** What is protected: "Alien (1979)", or a library. */
export function protectedName({ title, library }: Protection): string {
  if (title) return titleWords(title);
  return library ? t.wholeLibrary({ library: library.name, server: library.server ?? t.gone }) : '';
}

/** Which part of a title, if not all of it. */
export function partWords({ scope }: Protection): string {
  if (scope.season === null) return '';
  return scope.number === null
    ? t.season({ season: scope.season })
    : t.episode({ season: scope.season, number: scope.number });
}

const languagesOf = (tags: readonly string[]) =>
  tags.length ? list(tags.map(languageWords)) : t.noneRequired;

function overrideWords({ languages }: Protection): string {
  const parts = [
    languages?.audio && t.audio({ languages: languagesOf(languages.audio) }),
    languages?.subtitles && t.subtitles({ languages: languagesOf(languages.subtitles) })
  ].filter(Boolean);
  return parts.length ? `${t.languagesChanged} (${parts.join('; ')})` : t.languagesChanged;
}

/** From what: the preset's name, an insight, or everything. */
export function kindWords(protection: Protection, presets: Preset[]): string {
  const preset = presets.find(({ id }) => id === protection.preset);
  if (preset) return preset.name;
  if (protection.languages) return overrideWords(protection);
  return protection.insight ? insightNames[protection.insight] : t.everything;
}
