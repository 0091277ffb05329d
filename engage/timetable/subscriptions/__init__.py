"""News of the timetable by e-mail for whoever asks, by borough and topic, with a stop in every message."""
