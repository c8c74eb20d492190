import * as v from 'valibot';
import { t } from './messages.ts';

export const email = v.pipe(v.string(), v.trim(), v.email(t.emailInvalid));

export const newPassword = v.pipe(
  v.string(),
  v.minLength(12, t.passwordTooShort),
  v.maxLength(256, t.passwordTooLong)
);

export const required = (message: string) => v.pipe(v.string(), v.trim(), v.minLength(1, message));
