"""Media servers and their libraries."""
