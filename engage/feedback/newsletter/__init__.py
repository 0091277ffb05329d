"""The newsletter of engagement: what Londoners were asked and what came of it, in issues, by borough."""
