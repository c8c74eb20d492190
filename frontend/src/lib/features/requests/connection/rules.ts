import * as v from 'valibot';
import { isAddress } from '#lib/format/addresses.ts';
import { t } from './messages.ts';

export const address = v.pipe(v.string(), v.trim(), v.check(isAddress, t.addressInvalid));

export const key = v.pipe(v.string(), v.trim(), v.minLength(1, t.keyMissing));
