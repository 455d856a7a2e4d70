"""HTTP and WebSocket: what reaches the schema from the network, and what goes back."""
