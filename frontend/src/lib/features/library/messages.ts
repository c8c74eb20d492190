import { catalogue, text } from '#lib/messages/catalogue.ts';

export const t = catalogue('library', {
  library: 'Library',
  libraryHint: 'What your servers hold, and which of it is worth keeping.',
  parts: 'Parts of the library',
  overview: 'Overview',
  unwatched: 'Unwatched',
  large: 'Large',
  language: 'Language',
  stuck: 'Stuck requests',
  recent: 'Recently available',
  allTitles: 'All titles',
  protections: 'Protections',
  noServerTitle: 'No server has been added',
  noServerHint: 'The library shows what your Jellyfin and Plex servers hold. Add one first.',
  noServerViewer: 'The library shows what the Jellyfin and Plex servers hold.',
  addAServer: 'Add a server',
  countAndSize: text('{count} · {size}'),
  movie: 'Film',
  series: 'Series',
  missingSince: text('Missing since {when}')
});
