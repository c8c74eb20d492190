"""Jellyfin 10.10, 10.11 and 12.0.

`client` is what the features see; `accounts` how an account is made so that no crash
leaves one behind; `policy` the rights; `api` the requests; `answers` what a status and
a body mean.
"""
