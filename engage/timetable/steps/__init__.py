"""The steps of an entry that everybody is told of: published, postponed, cancelled; the next one drafted."""
