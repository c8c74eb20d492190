import { catalogue, plural, text } from '#lib/messages/catalogue.ts';

export const t = catalogue('library_sync', {
  syncNow: 'Sync now',
  firstTitle: 'Nothing has been read yet',
  firstHint: text(
    'Zondarr reads what is on {servers} and who watched it. It changes nothing there. A large library takes a few minutes; you can leave this page meanwhile.'
  ),
  firstViewer: 'Nobody has read the library yet.',
  readTheLibrary: 'Read the library',
  reading: 'Reading the library',
  readingHint: 'Until it is finished, you see what was known before.',
  readingFirstHint: 'The titles appear when a server has been read to its end.',
  cancel: 'Stop',
  cancelled: 'Stopped. What was known before stays.',
  waiting: 'Waiting',
  stepLibraries: 'Asking for the libraries',
  stepLibrary: text('Reading {name}'),
  stepPlays: 'Reading who watched what',
  stepWriting: 'Writing what is new',
  done: 'Finished',
  stopped: 'Stopped',
  failed: 'Failed',
  asks: 'Needs your answer',
  doneOf: text('{done} of {total}'),
  perSecond: text('{rate} a second'),
  timeLeft: text('about {time} left'),
  progressOf: text('Progress of {server}'),
  asksTitle: 'Much of a library is gone. Is that right?',
  confirm: 'Yes, they are gone',
  leave: 'No, leave it as it was',
  close: 'Close',
  asOf: text('As of {when}.'),
  unreadAccounts: plural({
    one: 'What {count} account watched could not be read',
    other: 'What {count} accounts watched could not be read'
  }),
  unreadHint:
    'What only they may have watched is listed as undecided, not as unwatched. After 14 days it is decided without them.',
  unreadAccount: text('{account} on {server}: {reason}. Last read {when}.'),
  neverRead: text('{account} on {server}: {reason}. Never read.'),
  readDaily: 'Read every day at',
  readAt: text('Read every day at {hour}.'),
  readNever: 'Read when somebody asks for it.',
  notDaily: 'Only when asked for',
  hourSaved: 'Saved.',
  nothingTitle: 'No films and no series were found',
  nothingHint: 'This is what was looked at. Add films or series there, then sync again.',
  lookedAt: text('{server}: {libraries}'),
  noLibraries: 'no library'
});
