"""The ledger of feedback: who is owed it, by which route, and what became of it."""
