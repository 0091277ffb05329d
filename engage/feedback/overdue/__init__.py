"""Feedback that has not come: when it was due, since when it is late, and what an officer said of it."""
