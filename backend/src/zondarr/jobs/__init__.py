"""Jobs, runs and live progress: the schedule, and its HTTP interface."""
