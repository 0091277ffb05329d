"""Questions, versions, and the priority frameworks they are coded to."""
