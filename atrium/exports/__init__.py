"""Writing out all that the product holds, in the format that imports read."""
