"""What meetings voted, as a channel of its own, never mixed with individual responses."""
