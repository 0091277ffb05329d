"""Decisions, and the priorities as they go into the policing plan."""
