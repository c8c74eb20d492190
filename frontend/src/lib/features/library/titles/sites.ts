import type { Title } from '#lib/api/types.ts';

/** Where more is said about a title, by the ids that the servers know of it. */
export function sitesOf({ type, provider_ids }: Pick<Title, 'type' | 'provider_ids'>) {
  const { imdb, tmdb } = provider_ids;
  const kind = type === 'movie' ? 'movie' : 'tv';
  return [
    ...(imdb ? [{ name: 'IMDb', href: `https://www.imdb.com/title/${imdb}/` }] : []),
    ...(tmdb ? [{ name: 'TMDB', href: `https://www.themoviedb.org/${kind}/${tmdb}` }] : [])
  ];
}
