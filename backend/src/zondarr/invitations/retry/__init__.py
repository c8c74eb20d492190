"""Trying again, for a day, the servers that failed in a redemption."""
