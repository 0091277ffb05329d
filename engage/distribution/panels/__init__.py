"""Standing panels: people who agreed to be asked from time to time, each by an invitation of their own."""
