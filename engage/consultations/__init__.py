"""The state of a consultation and its gates."""
