"""What people asked for in Seerr, Jellyseerr or Overseerr."""
