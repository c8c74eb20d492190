import * as v from 'valibot';
import { fromLocalInput, isPast } from '#lib/format/dates.ts';
import { tags } from './draft.ts';

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
  v.check((text) => !/[|\t]/.test(text), 'Separate them with commas; without a “|”.'),
  v.check((text) => tags(text).every((tag) => tag.length <= 100), 'At most 100 letters each.'),
  v.check((text) => tags(text).length <= 50, 'At most 50 of them.')
);

const limits = {
  allowed_ratings: tagList,
  allowed_labels: tagList,
  max_uses: wholeNumber(1_000_000, 'A whole number, 1 or more; empty for no limit.'),
  duration_days: wholeNumber(36_500, 'A whole number of days; empty for no end.'),
  server_ids: v.pipe(v.array(v.string()), v.minLength(1, 'Choose at least one server.'))
};

export const draftRules = v.object({
  ...limits,
  code: v.pipe(
    v.string(),
    v.check(
      (code) => code.trim() === '' || /^[A-Za-z0-9-]{6,32}$/.test(code.trim()),
      '6 to 32 letters, digits and hyphens; empty for one that is made for you.'
    )
  ),
  expires_at: v.pipe(
    v.string(),
    v.check((value) => !isPast(fromLocalInput(value)), 'This moment has passed already.')
  )
});

/** An invitation that exists may have expired; saving something else must still be possible. */
export const changeRules = v.object(limits);
