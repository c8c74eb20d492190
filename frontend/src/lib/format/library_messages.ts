import { catalogue } from '../messages/catalogue.ts';

export const t = catalogue('libraries', {
  films: 'Films',
  series: 'Series',
  homeVideos: 'Home videos',
  musicVideos: 'Music videos',
  collections: 'Collections',
  liveTv: 'Live TV'
});
