"""What groups are told of an entry, and the clock that runs for each of them."""
