"""Invitations, their codes, and their redemptions."""
