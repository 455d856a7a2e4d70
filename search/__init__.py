"""How things are found: documents, the reader that keeps them, and the engines that answer."""
