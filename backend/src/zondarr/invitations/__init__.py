"""Invitations, their codes, and what happens when one is redeemed."""
