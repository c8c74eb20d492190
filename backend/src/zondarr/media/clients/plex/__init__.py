"""Plex: a media server for the libraries, plex.tv for accounts and shares.

`client` is what the features see, `reading` the part of it that reads titles and
history. `plans` sends each step of an account to `friends` or `home`; `accept` lets a
friend in with his own token; `remembered` takes access away and gives it back; `access`
changes a share. `shares`, `rights` and `filters` are what a share says. `tv` and
`server` are the requests, `reach` both of them for one server; `answers` what a status
and a body mean; `paced` the manners towards plex.tv. `pins` is how somebody signs in
with Plex, `owned` which servers are his.
"""
