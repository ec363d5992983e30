"""The venues that Tandem hedges on: how to set them up, move them and read their errors."""
