"""Mail of this floor."""
