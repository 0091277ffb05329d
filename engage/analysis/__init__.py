"""The evidence snapshot and what is read from it: tallies, disclosure control, coding."""
