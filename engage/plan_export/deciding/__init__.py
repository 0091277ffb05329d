"""What surrounds a decision: the report it is taken from, its gates, cases like it, and what became of it."""
