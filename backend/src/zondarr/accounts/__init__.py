"""Workspaces, the accounts that run them, and who may do what."""
