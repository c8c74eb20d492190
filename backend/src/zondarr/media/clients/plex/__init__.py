"""Plex: a media server for the libraries, plex.tv for accounts and shares.

`client` is what the features see;
`friends` and `home` how the two kinds of account are made and taken back; `shares` what
a share says; `tv` and `server` the requests; `answers` what a status and a body mean;
`paced` the manners towards plex.tv; `pins` how somebody signs in with Plex, `owned` which
servers are his.
"""
