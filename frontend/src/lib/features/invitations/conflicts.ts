import type { FieldConflict } from '#lib/api/errors.ts';
import type { Invitation, Server } from '#lib/api/types.ts';
import { absolute } from '#lib/format/dates.ts';
import { list } from '#lib/format/words.ts';
import type { ConflictRow } from '#lib/ui/EditConflict.svelte';
import { draftOf, type Draft } from './draft.ts';
import { failureChoices, permissionWords, shared, userTypes } from './labels.ts';
import { t } from './messages.ts';

const labels: Partial<Record<string, string>> = {
  label: t.name,
  message: t.message,
  max_uses: t.maxUses,
  duration_days: t.duration,
  expires_at: t.expiresAt,
  server_ids: t.servers,
  all_libraries: t.libraries,
  library_ids: t.libraries,
  permissions: t.permissions,
  on_failure: t.onFailure,
  plex_user_type: t.joinAs
};

const libraries = ({ all_libraries, library_ids }: Draft): string =>
  all_libraries ? t.allLibraries : t.someLibraries(library_ids.length);

const choiceLabel = (choices: readonly { value: string; label: string }[], value: string): string =>
  choices.find((choice) => choice.value === value)?.label ?? value;

function valueOf(version: Invitation, field: string, servers: Server[]): string {
  const draft = draftOf(version);
  const names = servers.filter(({ id }) => draft.server_ids.includes(id)).map(({ name }) => name);
  const special: Partial<Record<string, () => string>> = {
    server_ids: () => list(names),
    all_libraries: () => libraries(draft),
    library_ids: () => libraries(draft),
    permissions: () => permissionWords(version.permissions, shared),
    expires_at: () => (version.expires_at ? absolute(version.expires_at) : ''),
    on_failure: () => choiceLabel(failureChoices, draft.on_failure),
    plex_user_type: () => choiceLabel(userTypes, draft.plex_user_type)
  };
  return special[field]?.() ?? String(draft[field] ?? '');
}

type Side = 'sent' | 'current';

/** A list of libraries that is sent means that not all are given. */
const versionOf = (base: Invitation, conflicts: FieldConflict[], side: Side): Invitation => {
  const values = Object.fromEntries(conflicts.map((one) => [one.field, one[side]]));
  const some = side === 'sent' && Array.isArray(values['library_ids']);
  return { ...base, ...values, ...(some && { all_libraries: false }) } as Invitation;
};

/** Both values of each field that two people changed, in words. */
export function conflictRows(
  base: Invitation,
  conflicts: FieldConflict[],
  servers: Server[]
): ConflictRow[] {
  const [mine, theirs] = [
    versionOf(base, conflicts, 'sent'),
    versionOf(base, conflicts, 'current')
  ];
  return conflicts.map(({ field }) => ({
    label: labels[field] ?? field,
    mine: valueOf(mine, field, servers) || t.emptyValue,
    theirs: valueOf(theirs, field, servers) || t.emptyValue
  }));
}
