import { catalogue, text } from '../messages/catalogue.ts';

export const t = catalogue('ui', {
  searchOrCommand: 'Search or run a command',
  palettePlaceholder: 'Search people, codes, servers, pages…',
  nothingFound: 'Nothing found.',
  close: 'Close',
  tryAgain: 'Try again',
  cancel: 'Cancel',
  copied: 'Copied',
  copyFailed: 'Copy it by hand',
  copy: 'Copy',
  loadFailed: 'This could not be loaded',
  shownOfTotal: text('{shown} of {total}'),
  loadMore: 'Load more',
  pageTitle: text('{title} · Zondarr'),
  rateLimitedFor: text('Too many attempts. Try again in {time}.'),
  rateLimited: 'Too many attempts. Try again in a minute.',
  search: 'Search',
  skipToContent: 'Skip to the content',
  mainNavigation: 'Main',
  loading: 'Loading',
  never: 'never'
});
