"""The start page of each kind of person: reads and links, no tables."""
