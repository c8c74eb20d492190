"""Plex: known by name, and not supported yet."""
