"""Insights: which titles are worth a look, and why."""
