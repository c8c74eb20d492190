"""Requests that do not arrive. Its rows are requests, not titles of the catalogue."""
