import * as v from 'valibot';

const isAddress = (text: string) => /^https?:$/.test(URL.parse(text)?.protocol ?? '');

export const address = v.pipe(
  v.string(),
  v.trim(),
  v.check(isAddress, 'Write an address that begins with http:// or https://.')
);

export const key = v.pipe(v.string(), v.trim(), v.minLength(1, 'Paste the key.'));

export const name = v.pipe(v.string(), v.trim(), v.minLength(1, 'Give it a name.'));

/** A key that was made for one host is not sent to another: it must be typed again. */
export const leavesHost = (from: string, to: string): boolean =>
  URL.parse(from)?.origin !== URL.parse(to.trim())?.origin;
