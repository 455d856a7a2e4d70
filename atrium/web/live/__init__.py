"""Streams over the wire: WebSockets of graphql-transport-ws, and server-sent events, from the same documents."""
