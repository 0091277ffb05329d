"""Entries that ask the same people or the same things at once, and how often each group is asked."""
