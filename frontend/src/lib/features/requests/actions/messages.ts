import { catalogue, plural, text } from '#lib/messages/catalogue.ts';

export const t = catalogue('request_actions', {
  cancel: 'Cancel',
  undo: 'Undo',
  undone: 'Undone. Stuck requests are listed again.',
  approve: 'Approve',
  approveOne: text('Approve the request for {name}'),
  approveMany: plural({ one: 'Approve {count} request', other: 'Approve {count} requests' }),
  approved: plural({
    one: '{count} request is approved.',
    other: '{count} requests are approved.'
  }),
  decline: 'Decline',
  declineOne: text('Decline the request for {name}'),
  declineMany: plural({ one: 'Decline {count} request', other: 'Decline {count} requests' }),
  declined: plural({
    one: '{count} request is declined.',
    other: '{count} requests are declined.'
  }),
  retry: 'Retry',
  retryOne: text('Retry the request for {name}'),
  retryMany: plural({ one: 'Retry {count} request', other: 'Retry {count} requests' }),
  retried: plural({
    one: '{count} request is tried again.',
    other: '{count} requests are tried again.'
  }),
  delete: 'Delete',
  deleteOne: text('Delete the request for {name}'),
  deleteMany: plural({ one: 'Delete {count} request', other: 'Delete {count} requests' }),
  deleted: plural({ one: '{count} request is deleted.', other: '{count} requests are deleted.' }),
  tryAgain: plural({ one: 'Try {count} again', other: 'Try {count} again' }),
  didNotWork: plural({ one: '{count} did not work', other: '{count} did not work' }),
  cannotWork: plural({ one: '{count} is left out', other: '{count} are left out' }),
  problem: text('{name}: {detail}'),
  isGone: 'It is not there any more.',
  previewFailed: 'What would happen could not be asked',
  previewLoading: 'Asking what would happen',
  ignore: 'Ignore',
  ignoreTitle: text('Ignore the request for {name}'),
  ignoreMany: plural({ one: 'Ignore {count} request', other: 'Ignore {count} requests' }),
  ignoreHint:
    'It leaves the stuck requests and is not counted there. Nothing changes in Seerr; the list of all requests still shows it.',
  ignoredOne: text('The request for {name} is ignored.'),
  ignoredMany: plural({
    one: '{count} request is ignored.',
    other: '{count} requests are ignored.'
  }),
  note: 'Note',
  noteHint: 'Why it may stay as it is, for others who look after requests.'
});
