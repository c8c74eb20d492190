import * as v from 'valibot';
import { fromLocalInput, isPast } from '#lib/format/moments.ts';
import { tags } from './draft.ts';
import { t } from './messages.ts';

const wholeNumber = (most: number, message: string) =>
  v.pipe(
    v.string(),
    v.check(
      (text) => text.trim() === '' || (/^\d+$/.test(text.trim()) && +text >= 1 && +text <= most),
      message
    )
  );

/** A comma separates, and a bar does so on the way to the server. */
const tagList = v.pipe(
  v.string(),
  v.check((text) => !/[|\t]/.test(text), t.tagsSeparator),
  v.check((text) => tags(text).every((tag) => tag.length <= 100), t.tagsTooLong),
  v.check((text) => tags(text).length <= 50, t.tagsTooMany)
);

const limits = {
  allowed_ratings: tagList,
  allowed_labels: tagList,
  max_uses: wholeNumber(1_000_000, t.maxUsesInvalid),
  duration_days: wholeNumber(36_500, t.durationInvalid),
  server_ids: v.pipe(v.array(v.string()), v.minLength(1, t.chooseAtLeastOne))
};

export const draftRules = v.object({
  ...limits,
  code: v.pipe(
    v.string(),
    v.check((code) => code.trim() === '' || /^[A-Za-z0-9-]{6,32}$/.test(code.trim()), t.codeInvalid)
  ),
  expires_at: v.pipe(
    v.string(),
    v.check((value) => !isPast(fromLocalInput(value)), t.expiresAtPast)
  )
});

/** An invitation that exists may have expired; saving something else must still be possible. */
export const changeRules = v.object(limits);
