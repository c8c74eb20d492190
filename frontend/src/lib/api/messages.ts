import { catalogue, text } from '../messages/catalogue.ts';

export const t = catalogue('api', {
  noAnswer: 'Zondarr did not answer. Check the connection, then try again.',
  unexplained: text('Zondarr answered with status {status} and no explanation.')
});
