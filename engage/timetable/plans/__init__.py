"""How national, force, authority and partnership plans fit together in time."""
