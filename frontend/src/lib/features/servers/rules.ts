import * as v from 'valibot';
import { t } from './messages.ts';

const isAddress = (text: string) => /^https?:$/.test(URL.parse(text)?.protocol ?? '');

export const address = v.pipe(v.string(), v.trim(), v.check(isAddress, t.addressInvalid));

export const key = v.pipe(v.string(), v.trim(), v.minLength(1, t.keyMissing));

export const name = v.pipe(v.string(), v.trim(), v.minLength(1, t.nameMissing));

/** A key that was made for one host is not sent to another: it must be typed again. */
export const leavesHost = (from: string, to: string): boolean =>
  URL.parse(from)?.origin !== URL.parse(to.trim())?.origin;
