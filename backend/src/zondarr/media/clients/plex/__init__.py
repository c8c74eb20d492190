"""Plex: a media server for the libraries, plex.tv for accounts and shares.

client            the `MediaClient`; `reading` is its part that reads titles and history
plans             sends each step of an account to `friends` or `home`
accept            accepts a share with the guest's own token
access            changes a share; `access_snapshot` revokes and restores one
shares, rights, filters   what a share says
tv, server        the requests; `session` is both for one server
answers           what a status and a body mean
transport         headers, decoding, and the limits towards plex.tv
pins, owned       sign-in with Plex, and the servers that an account owns
"""
