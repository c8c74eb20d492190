"""Jellyfin 10.10, 10.11 and 12.0.

`client` implements `MediaClient`; `accounts` creates and removes accounts safely across
crashes; `policy` handles permissions; `api` sends the requests; `answers` classifies
error responses.
"""
