"""Processes forked from one that has imported the program already.

Importing it takes longer than most of what they then do.
"""

import multiprocessing

FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(
    [
        "tests.killed.program",
        "tests.core.durable.program",
        "zondarr.cli.account",
        "zondarr.cli.database",
        "zondarr.cli.keys",
        "zondarr.cli.serve",
    ]
)
