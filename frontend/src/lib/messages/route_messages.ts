import { catalogue, text } from './catalogue.ts';

export const t = catalogue('routes', {
  pageTitle: text('{title} · Zondarr'),
  notFound: 'This page does not exist',
  failed: 'Something went wrong',
  notFoundHint: 'The link may be old or mistyped.',
  tryAgain: 'Try again',
  toOverview: 'Go to the overview',
  notFoundTitle: 'Page not found'
});
