"""Running the platform: the web server, the worker beside it, and the state of the database's tables."""
