"""The catalogue of servers: titles, files, tracks, watch data; and its sync."""
