"""Jobs, runs and live progress: the schedule, and its view over HTTP."""
