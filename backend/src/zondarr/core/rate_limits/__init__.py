"""Rate limits, counted in the database, so that they hold for all replicas together."""
