import type { InvitationUpdate } from '#lib/api/types.ts';
import { fromLocalInput } from '#lib/format/moments.ts';
import { bodyOf, type Draft } from './draft.ts';

const isSame = (one: unknown, other: unknown): boolean =>
  JSON.stringify(one) === JSON.stringify(other);

const sorted = ({ server_ids, library_ids, ...rest }: Draft): Draft =>
  ({
    ...rest,
    server_ids: server_ids.toSorted(),
    library_ids: library_ids.toSorted()
  }) as Draft;

/** The fields of the form in which two versions of a draft differ. */
export function changedFields(before: Draft, after: Draft): (keyof Draft)[] {
  const [one, other] = [sorted(before), sorted(after)];
  return Object.keys(one).filter((field) => !isSame(one[field], other[field]));
}

/** What a field of the form is called in the body that is sent. */
const sentAs = (field: keyof Draft, { all_libraries }: Draft): keyof InvitationUpdate => {
  if (field === 'allowed_ratings' || field === 'allowed_labels') return 'permissions';
  if (field !== 'all_libraries' && field !== 'library_ids') return field as keyof InvitationUpdate;
  return all_libraries ? 'all_libraries' : 'library_ids';
};

/**
 * Only what was changed. A moment that was not touched is never sent: written into the form and
 * back, an hour that the clock shows twice would become another one.
 */
export function changesOf(before: Draft, after: Draft): InvitationUpdate {
  const body: InvitationUpdate = bodyOf(after);
  const fields = changedFields(before, after).filter((field) => field !== 'code');
  const names = new Set(fields.map((field) => sentAs(field, after)));
  if (names.has('expires_at')) body.expires_at = fromLocalInput(after.expires_at);
  return Object.fromEntries(Object.entries(body).filter(([name]) => names.has(name as never)));
}
