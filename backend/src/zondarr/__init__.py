"""Invitations, people and libraries for those who share Plex and Jellyfin servers."""

__version__ = "0.1.0"
