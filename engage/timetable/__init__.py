"""Entries of the timetable: purpose, level, duty, notice and dates."""
