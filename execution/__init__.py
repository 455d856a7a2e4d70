"""How GraphQL is run: declared fields, loaders, documents, limits, cursors, scalars; knows nothing of its users."""
