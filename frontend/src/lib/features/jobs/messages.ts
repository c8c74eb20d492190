import { catalogue, plural, text } from '#lib/messages/catalogue.ts';

export const t = catalogue('jobs', {
  schedule: 'Schedule',
  emptyTitle: 'No jobs',
  emptyHint: 'Nothing is scheduled.',
  nextRun: text('Next run {when}'),
  lastRun: text('Last run {when}'),
  neverRun: 'Has not run yet',
  runNowLabel: text('Run now: {name}'),
  runNow: 'Run now',
  jobs: 'Jobs',
  jobsHint: 'What Zondarr does on a schedule, and what it did.',
  waiting: 'Waiting',
  running: 'Running',
  done: 'Done',
  failed: 'Failed',
  stopped: 'Stopped',
  runsTitle: 'Recent runs',
  noRunsTitle: 'Nothing has run yet',
  noRunsHint: 'Jobs run on their schedule, or when you choose “Run now”.',
  took: text('Took {duration} · {when}'),
  notStarted: 'not started',
  startedWhen: text('Started {when}'),
  nextRunSoon: 'Next run in less than a minute',
  clockTitle: 'The clock of this machine went back',
  clockHint: text(
    'Jobs have run at times that are still to come, until {moment}. They run on their schedule again. Access that was ended too early is listed on the overview.'
  ),
  setAsideTitle: 'Set aside',
  setAsideHint:
    'Zondarr stopped while it was doing this, several times in a row. It is not run any more until you try again; everything else runs.',
  crashes: plural({ one: '{count} crash', other: '{count} crashes' }),
  crashesSince: text('{crashes}, set aside {when}'),
  tryAgain: 'Try again',
  tryAgainLabel: text('Try again: {name}'),
  retried: text('{name} is tried again.')
});
