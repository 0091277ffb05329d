"""Taking part: answers on their way, submitted once, with a receipt; contacts kept apart."""
