"""What every room stands on: database, pages, refusals, clock, tokens, jobs, spreadsheets, language."""
