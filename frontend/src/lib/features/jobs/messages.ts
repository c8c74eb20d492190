import { catalogue, text } from '#lib/messages/catalogue.ts';

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
  startedWhen: text('Started {when}')
});
