"""Mail written in the caller's transaction and sent afterwards by a worker."""
