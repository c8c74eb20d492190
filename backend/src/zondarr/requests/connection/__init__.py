"""The connection to the workspace's Seerr, and its users."""
