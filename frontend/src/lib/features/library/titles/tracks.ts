import type { Track } from '#lib/api/types.ts';
import { list } from '#lib/format/words.ts';
import { t } from './messages.ts';

const names = new Intl.DisplayNames('en', { type: 'language', fallback: 'code' });

/** "French" of "fre", "fr" or "fr-FR"; what nobody can read stays as it is. */
export function languageName(code: string | null): string {
  if (!code || /^und$/i.test(code)) return t.unknownLanguage;
  if (!/^[a-z]{2,3}([-_][a-z0-9]+)*$/i.test(code)) return code;
  return names.of(code.replaceAll('_', '-')) ?? code;
}

function channelWords(channels: number | null): string {
  if (!channels) return '';
  if (channels === 1) return t.mono;
  if (channels === 2) return t.stereo;
  return channels === 6 ? '5.1' : channels === 8 ? '7.1' : t.channels({ count: channels });
}

/** "French 5.1 (forced)". */
function trackWords(track: Track): string {
  const notes = [
    track.forced && t.forced,
    track.hearing_impaired && t.hearingImpaired,
    track.external && t.external
  ].filter(Boolean);
  const words = [languageName(track.language), channelWords(track.channels)];
  if (notes.length) words.push(`(${notes.join(', ')})`);
  return words.filter(Boolean).join(' ');
}

/** The tracks of a kind as one phrase; the same words are said once. */
export function tracksWords(tracks: Track[], kind: Track['kind']): string {
  const words = new Set(tracks.filter((track) => track.kind === kind).map(trackWords));
  return words.size ? list([...words]) : t.noTrack;
}
