"""The register as a file: written, and read back, tried and taken in whole or not at all."""
