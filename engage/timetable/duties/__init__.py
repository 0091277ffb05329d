"""The register of statutory duties, and which entries have served each of them."""
