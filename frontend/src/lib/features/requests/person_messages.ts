import { catalogue, plural, text } from '#lib/messages/catalogue.ts';

export const t = catalogue('person_requests', {
  requests: 'Requests',
  sum: text('Asked for {asked}, got {got}, watched {watched} of them.'),
  onlyForThem: plural({
    one: '{count} title, {size}, is kept for them alone: nobody else asked for it or watched it.',
    other:
      '{count} titles, {size}, are kept for them alone: nobody else asked for them or watched them.'
  }),
  notWatched: 'not watched',
  watched: 'watched',
  watchedWhen: text('watched {when}')
});
