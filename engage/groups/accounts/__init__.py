"""The accounts of coordinators, with their groups."""
