"""What groups are written while a consultation runs: that it is open, how it goes, that it ends soon."""
