"""The HTTP layer: everything between the socket and the controllers."""
