import { catalogue } from '../messages/catalogue.ts';

export const t = catalogue('work', {
  endAccess: 'End access',
  endAccessHint: 'Ends the access of people whose end date has passed.',
  checkServers: 'Check servers',
  checkServersHint: 'Checks that every server is up.',
  syncServers: 'Sync servers',
  syncServersHint: 'Reads the libraries and accounts of every server.',
  beginRedemptions: 'Start redemptions',
  beginRedemptionsHint: 'Starts redemptions that were accepted but not started.',
  retryRedemptions: 'Retry redemptions',
  retryRedemptionsHint: 'Retries servers that failed for a guest, for a day.',
  followShares: 'Check Plex invitations',
  followSharesHint: 'Checks which guests have accepted a Plex invitation, or have left.',
  removeLeftovers: 'Remove leftovers',
  removeLeftoversHint:
    'Removes accounts of redemptions that ended while a server was not answering.',
  backUp: 'Back up',
  backUpHint: 'Copies the database into the folder backups, and removes old copies.',
  tidyUp: 'Clean up',
  tidyUpHint: 'Deletes old runs and expired sessions.',
  syncCatalogues: 'Sync the library every day',
  syncCataloguesHint: 'Reads what the servers hold and who watched it, at the hour you chose.',
  syncRequests: 'Sync requests every day',
  syncRequestsHint: 'Reads the requests of Seerr, at the hour of the library sync.',
  requestSync: 'Request sync',
  titleLookUp: 'Look-up of titles',
  catalogueSync: 'Library sync',
  serverSync: 'Server sync',
  redemption: 'A guest joins'
});
