"""The server itself: information, API keys, tasks, first start, restart."""
