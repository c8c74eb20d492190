import type { Invitation, InvitationCreate, Permissions } from '#lib/api/types.ts';
import { absolute } from '#lib/format/dates.ts';
import { fromLocalInput, inDays, toLocalInput } from '#lib/format/moments.ts';
import { days, list } from '#lib/format/words.ts';
import { t } from './messages.ts';

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
  permissions: Rights;
  /** Separated by commas. */
  allowed_ratings: string;
  allowed_labels: string;
  on_failure: Invitation['on_failure'];
  plex_user_type: Invitation['plex_user_type'];
}

/** The rights that are no words. */
export type Rights = Omit<Required<Permissions>, 'allowed_ratings' | 'allowed_labels'>;

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
    label: t.onePerson,
    hint: t.onePersonHint,
    max_uses: 1,
    valid_days: 7,
    duration_days: null
  },
  {
    id: 'visit',
    label: t.limitedTime,
    hint: t.limitedTimeHint,
    max_uses: 1,
    valid_days: 7,
    duration_days: 30
  },
  {
    id: 'group',
    label: t.group,
    hint: t.groupHint,
    max_uses: 10,
    valid_days: 30,
    duration_days: null
  },
  {
    id: 'open',
    label: t.openLink,
    hint: t.openLinkHint,
    max_uses: null,
    valid_days: null,
    duration_days: null
  }
];

export const defaultPermissions: Rights = {
  can_download: false,
  can_transcode: true,
  can_watch_live_tv: false,
  can_access_remotely: true,
  max_sessions: null,
  max_bitrate_kbps: null,
  can_use_channels: false
};

const text = (value: number | null): string => (value === null ? '' : String(value));
const number = (value: string): number | null => (value.trim() === '' ? null : Number(value));
const words = (value: string): string | null => value.trim() || null;

/** "PG,  PG-13," as its parts. */
export const tags = (value: string): string[] => [
  ...new Set(
    value
      .split(',')
      .map((tag) => tag.trim())
      .filter(Boolean)
  )
];

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
  allowed_ratings: '',
  allowed_labels: '',
  on_failure: 'undo',
  plex_user_type: 'friend'
});

export const draftOf = (invitation: Invitation): Draft => {
  const { allowed_ratings = [], allowed_labels = [], ...rights } = invitation.permissions;
  return {
    ...fieldsOf(invitation),
    permissions: { ...defaultPermissions, ...rights },
    allowed_ratings: allowed_ratings.join(', '),
    allowed_labels: allowed_labels.join(', ')
  };
};

const fieldsOf = (invitation: Invitation) => ({
  code: invitation.code,
  label: invitation.label ?? '',
  message: invitation.message ?? '',
  max_uses: text(invitation.max_uses),
  duration_days: text(invitation.duration_days),
  expires_at: toLocalInput(invitation.expires_at),
  server_ids: invitation.server_ids,
  all_libraries: invitation.all_libraries,
  library_ids: invitation.library_ids,
  on_failure: invitation.on_failure,
  plex_user_type: invitation.plex_user_type
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
  permissions: {
    ...draft.permissions,
    allowed_ratings: tags(draft.allowed_ratings),
    allowed_labels: tags(draft.allowed_labels)
  },
  on_failure: draft.on_failure,
  plex_user_type: draft.plex_user_type
});

export const createBodyOf = (draft: Draft): InvitationCreate => {
  const code = words(draft.code)?.toUpperCase();
  return code ? { code, ...bodyOf(draft) } : bodyOf(draft);
};

/** The whole invitation in a few sentences, so that nothing collapsed is a surprise. */
export function summaryOf(draft: Draft, serverNames: string[]): string {
  if (!serverNames.length) return t.chooseServer;
  const uses = number(draft.max_uses);
  const time = number(draft.duration_days);
  const expires = fromLocalInput(draft.expires_at);
  const names = list(serverNames);
  const what = draft.all_libraries
    ? t.everythingOn({ names })
    : t.someOn(draft.library_ids.length, { names });
  return [
    uses === null ? t.anyoneGets({ what }) : t.peopleGet(uses, { what }),
    time === null ? t.accessForever : t.accessLasts({ duration: days(time) }),
    expires ? t.linkExpires({ moment: absolute(expires) }) : t.linkNeverExpires
  ].join(' ');
}
