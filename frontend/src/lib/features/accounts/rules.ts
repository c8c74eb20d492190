import * as v from 'valibot';

export const email = v.pipe(
  v.string(),
  v.trim(),
  v.email('Write an e-mail address, like name@example.org.')
);

export const newPassword = v.pipe(
  v.string(),
  v.minLength(12, 'At least 12 characters.'),
  v.maxLength(256, 'At most 256 characters.')
);

export const required = (message: string) => v.pipe(v.string(), v.trim(), v.minLength(1, message));
