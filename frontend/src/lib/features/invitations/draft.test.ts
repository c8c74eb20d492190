import { expect, test } from 'vitest';
import type { Invitation } from '#lib/api/types.ts';
import {
  bodyOf,
  createBodyOf,
  draftOf,
  newDraft,
  presets,
  summaryOf,
  type Preset
} from './draft.ts';

const preset = (id: string): Preset => presets.find((one) => one.id === id) as Preset;

test('empty fields are sent as null, not as empty words or zero', () => {
  const body = bodyOf(newDraft(preset('open'), ['s1']));
  expect(body).toMatchObject({
    label: null,
    message: null,
    max_uses: null,
    duration_days: null,
    expires_at: null
  });
});

test('exactly one of all libraries and chosen ones is sent', () => {
  const draft = newDraft(preset('one'), ['s1']);
  expect(bodyOf(draft)).not.toHaveProperty('library_ids');
  const some = bodyOf({ ...draft, all_libraries: false, library_ids: ['l1'] });
  expect(some).not.toHaveProperty('all_libraries');
  expect(some).toMatchObject({ library_ids: ['l1'] });
});

test('a code of one’s own goes out in capitals, and none at all otherwise', () => {
  const draft = newDraft(preset('one'), ['s1']);
  expect(createBodyOf(draft)).not.toHaveProperty('code');
  expect(createBodyOf({ ...draft, code: ' movie-night ' }).code).toBe('MOVIE-NIGHT');
});

test('an invitation that is edited and saved unchanged stays as it was', () => {
  const invitation: Invitation = {
    id: 'i1',
    code: 'MOVIE-NIGHT',
    label: 'Movie night',
    message: null,
    expires_at: '2027-01-31T18:30:00.000Z',
    max_uses: 3,
    use_count: 1,
    duration_days: 30,
    server_ids: ['s1'],
    library_ids: ['l1', 'l2'],
    all_libraries: false,
    permissions: {
      can_download: true,
      max_sessions: 2,
      allowed_ratings: ['PG', 'PG-13'],
      allowed_labels: []
    },
    on_failure: 'keep',
    plex_user_type: 'home',
    enabled: true,
    status: 'active',
    url: 'https://zondarr.test/join/MOVIE-NIGHT',
    created_at: '2026-11-01T00:00:00Z',
    created_by: null,
    updated_at: '2026-11-01T00:00:00Z',
    gaps: []
  };
  const body = bodyOf(draftOf(invitation));
  const {
    label,
    message,
    expires_at,
    max_uses,
    duration_days,
    server_ids,
    library_ids,
    on_failure,
    plex_user_type
  } = invitation;
  expect(body).toMatchObject({
    label,
    message,
    expires_at,
    max_uses,
    duration_days,
    server_ids,
    library_ids,
    on_failure,
    plex_user_type
  });
  expect(body.permissions).toMatchObject(invitation.permissions);
});

test('ratings and labels are typed with commas and sent one by one, each once', () => {
  const draft = { ...newDraft(preset('one'), ['s1']), allowed_ratings: ' PG, PG-13,,PG ' };
  expect(bodyOf(draft).permissions).toMatchObject({
    allowed_ratings: ['PG', 'PG-13'],
    allowed_labels: []
  });
});

test('the summary says the whole of it', () => {
  const draft = newDraft(preset('visit'), ['s1']);
  expect(summaryOf(draft, ['Attic'])).toMatch(
    /^One person gets access to all libraries on Attic\. Access lasts 1 month\. The link expires on /
  );
  const open = {
    ...newDraft(preset('open'), ['s1']),
    all_libraries: false,
    library_ids: ['a', 'b']
  };
  expect(summaryOf(open, ['Attic', 'Cellar'])).toBe(
    'Anyone with the link gets access to 2 libraries on Attic and Cellar. Access has no end date. The link never expires.'
  );
  expect(summaryOf(newDraft(preset('group'), []), [])).toBe('Choose a server.');
});
