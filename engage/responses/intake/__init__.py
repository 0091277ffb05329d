"""Responses from a file that another tool wrote: read, mapped, tried, then taken in whole or not at all."""
