"""Libraries as folders to administrate and as views to browse."""
