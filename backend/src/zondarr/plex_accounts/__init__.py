"""Sign-in with Plex: of guests, and of operators who link their Plex account."""
