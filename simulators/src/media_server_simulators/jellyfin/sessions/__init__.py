"""Signing in, the sessions that follow, and their websockets."""
