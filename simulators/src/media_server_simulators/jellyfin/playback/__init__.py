"""What players report, and marks of what was played."""
