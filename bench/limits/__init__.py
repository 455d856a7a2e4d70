"""What no server of ours can beat: the same answers without GraphQL, identity, limits or log of access.

`flat` asks flat statements, as many as loaders need, and assembles their rows by hand; `whole` has PostgreSQL build the
JSON in one statement. Each operation's module holds both, so that they are read side by side.
"""
