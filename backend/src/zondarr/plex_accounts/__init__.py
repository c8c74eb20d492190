"""Signing in with Plex: guests, and operators who link their Plex account."""
