import type { Invitation, InvitationCreate, Permissions } from '#lib/api/types.ts';
import { absolute, fromLocalInput, inDays, toLocalInput } from '#lib/format/dates.ts';
import { days, list, plural } from '#lib/format/words.ts';

/** An invitation as the form holds it: what stands in a text field is text. */
export interface Draft extends Record<string, unknown> {
  code: string;
  label: string;
  message: string;
  max_uses: string;
  expires_at: string;
  duration_days: string;
  server_ids: string[];
  all_libraries: boolean;
  library_ids: string[];
  permissions: Required<Permissions>;
  on_failure: Invitation['on_failure'];
}

/** The limits a preset sets; null is no limit. */
export interface Limits {
  max_uses: number | null;
  valid_days: number | null;
  duration_days: number | null;
}

export interface Preset extends Limits {
  id: string;
  label: string;
  hint: string;
}

export const presets: Preset[] = [
  {
    id: 'one',
    label: 'One person',
    hint: 'Works once, for a week',
    max_uses: 1,
    valid_days: 7,
    duration_days: null
  },
  {
    id: 'visit',
    label: 'For a while',
    hint: 'One person, for 30 days',
    max_uses: 1,
    valid_days: 7,
    duration_days: 30
  },
  {
    id: 'group',
    label: 'A group',
    hint: 'Ten people, within a month',
    max_uses: 10,
    valid_days: 30,
    duration_days: null
  },
  {
    id: 'open',
    label: 'Open link',
    hint: 'No limit, until you switch it off',
    max_uses: null,
    valid_days: null,
    duration_days: null
  }
];

export const defaultPermissions: Required<Permissions> = {
  can_download: false,
  can_transcode: true,
  can_watch_live_tv: false,
  can_access_remotely: true,
  max_sessions: null,
  max_bitrate_kbps: null,
  can_use_channels: false,
  allowed_ratings: [],
  allowed_labels: []
};

const text = (value: number | null): string => (value === null ? '' : String(value));
const number = (value: string): number | null => (value.trim() === '' ? null : Number(value));
const words = (value: string): string | null => value.trim() || null;

/** What a preset puts into the form's fields. */
export const limitsOf = (preset: Limits) => ({
  max_uses: text(preset.max_uses),
  duration_days: text(preset.duration_days),
  expires_at: preset.valid_days === null ? '' : toLocalInput(inDays(preset.valid_days))
});

export const newDraft = (preset: Limits, serverIds: string[]): Draft => ({
  code: '',
  label: '',
  message: '',
  ...limitsOf(preset),
  server_ids: serverIds,
  all_libraries: true,
  library_ids: [],
  permissions: { ...defaultPermissions },
  on_failure: 'undo'
});

export const draftOf = (invitation: Invitation): Draft => ({
  code: invitation.code,
  label: invitation.label ?? '',
  message: invitation.message ?? '',
  max_uses: text(invitation.max_uses),
  duration_days: text(invitation.duration_days),
  expires_at: toLocalInput(invitation.expires_at),
  server_ids: invitation.server_ids,
  all_libraries: invitation.all_libraries,
  library_ids: invitation.library_ids,
  permissions: { ...defaultPermissions, ...invitation.permissions },
  on_failure: invitation.on_failure
});

/** What is sent, less the code, which is given once. */
export const bodyOf = (draft: Draft) => ({
  label: words(draft.label),
  message: words(draft.message),
  max_uses: number(draft.max_uses),
  duration_days: number(draft.duration_days),
  expires_at: fromLocalInput(draft.expires_at),
  server_ids: draft.server_ids,
  ...(draft.all_libraries ? { all_libraries: true } : { library_ids: draft.library_ids }),
  permissions: draft.permissions,
  on_failure: draft.on_failure
});

export const createBodyOf = (draft: Draft): InvitationCreate => {
  const code = words(draft.code)?.toUpperCase();
  return code ? { code, ...bodyOf(draft) } : bodyOf(draft);
};

const whoOf = (uses: number | null): string => {
  if (uses === null) return 'Anyone with the link gets';
  return uses === 1 ? 'One person gets' : `${plural(uses, 'person', 'people')} get`;
};

/** The whole invitation in one breath, so that nothing folded away surprises. */
export function summaryOf(draft: Draft, serverNames: string[]): string {
  const time = number(draft.duration_days);
  const expires = fromLocalInput(draft.expires_at);
  const what = draft.all_libraries
    ? 'every library'
    : plural(draft.library_ids.length, 'library', 'libraries');
  const where = serverNames.length ? list(serverNames) : 'no server yet';
  const howLong = time === null ? 'for good' : `for ${days(time)}`;
  const link = expires ? `The link works until ${absolute(expires)}.` : 'The link never expires.';
  return `${whoOf(number(draft.max_uses))} ${what} on ${where}, ${howLong}. ${link}`;
}
