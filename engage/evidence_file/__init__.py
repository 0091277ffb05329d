"""The evidence file: everything about a consultation in one bundle that can be checked."""
