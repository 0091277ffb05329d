"""A shared device at an event: people answer on it one by one, and nobody finds what another wrote."""
