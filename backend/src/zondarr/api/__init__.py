"""The HTTP edge: everything between the socket and the controllers."""
