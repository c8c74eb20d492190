/** The sign-in page, which afterwards leads back to where one was. */
export function signInPath(from: Pick<URL, 'pathname' | 'search'>): string {
  const here = from.pathname + from.search;
  return here === '/' ? '/sign-in' : `/sign-in?next=${encodeURIComponent(here)}`;
}

/** Where to go after sign-in: only ever a page of ours. */
export function pathAfterSignIn(url: URL): string {
  const next = url.searchParams.get('next') ?? '/';
  const target = URL.parse(next, url.origin);
  return target?.origin === url.origin ? target.pathname + target.search : '/';
}

type Address = Pick<URL, 'pathname' | 'search'>;

/** The page's address with some of its filters changed; null removes one. */
export function withFilters(url: Address, changes: Record<string, string | null>): string {
  const params = new URLSearchParams(url.search);
  for (const [name, value] of Object.entries(changes)) {
    if (value) params.set(name, value);
    else params.delete(name);
  }
  return params.size ? `${url.pathname}?${params}` : url.pathname;
}
