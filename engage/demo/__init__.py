"""A demonstration that shows every page alive."""
