"""Accounts, their policies, passwords and tokens."""
