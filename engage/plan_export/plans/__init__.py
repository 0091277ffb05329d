"""The policing plan: written from decisions, kept in versions, given out, and traced back to the counts."""
