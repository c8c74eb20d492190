"""Looks for what keeps an installation from working, and says what to do.

Nothing is changed: neither in the database nor on a server.
"""
