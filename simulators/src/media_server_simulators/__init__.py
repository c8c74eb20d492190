"""Simulated Jellyfin and Plex servers for testing clients.

The package depends on no client, so it cannot share a client's mistakes.
"""
