"""Updates: what became of the decisions later, for whoever asked to hear that, too."""
