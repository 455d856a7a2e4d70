"""What clients see: types, root fields, payloads and errors."""
