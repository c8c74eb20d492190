"""Plex: a media server for the libraries, plex.tv for accounts and shares.

client            the `MediaClient`; `reading` is its part for titles and history plans
dispatches each step of an account to `friends` or `home` accept            accepts a
share with the guest's own token access            changes a share; `access_snapshot`
revokes and restores one shares, rights, filters   interpret the contents of a share tv,
server        the requests; `session` holds both for one server answers
classifies error responses transport         headers, decoding, and the rate limits for
plex.tv pins, owned       sign-in with Plex, and the servers that an account owns
"""
