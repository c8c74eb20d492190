"""What servers hold and who watched it: titles, files, tracks, plays; the sync."""
