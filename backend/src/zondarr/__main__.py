"""`python -m zondarr` is the same as `zondarr`."""

from zondarr.cli import main

main()
