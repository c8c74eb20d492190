"""Retries the failed servers of a redemption for a day."""
