"""CPEGs, their member groups and other stakeholders."""
