"""Boroughs, the City, and the answers that are no borough; whole postcodes; census figures."""
