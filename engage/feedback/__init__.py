"""Said, decided, why; the ledger of who is owed it."""
