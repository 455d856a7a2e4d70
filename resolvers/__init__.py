"""What is done: reads and actions, each within the viewer's scope. Knows neither Strawberry nor Starlette."""
