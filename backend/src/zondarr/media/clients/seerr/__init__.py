"""Seerr and its relatives Jellyseerr and Overseerr, which share one interface.

What they answer: `openapi/seerr.yml` of Seerr, which leaves out many fields, and
recordings of a Seerr 3.1.0 (scenarios `auth`, `setup`, `users`, `requests`). What is
said of Overseerr was read in its source.
"""
