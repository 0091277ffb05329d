"""Measurements against a stated limit, in one run."""
