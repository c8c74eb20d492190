import { t } from './library_messages.ts';
import { humanize } from './names.ts';

const libraryKinds: Record<string, string> = {
  movies: t.films,
  movie: t.films,
  tvshows: t.series,
  show: t.series,
  homevideos: t.homeVideos,
  musicvideos: t.musicVideos,
  boxsets: t.collections,
  livetv: t.liveTv
};

/** What is in a library, from the word its server has for it. */
export const libraryKind = (type: string): string => libraryKinds[type] ?? humanize(type);
