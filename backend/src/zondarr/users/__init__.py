"""People: identities, their users on media servers, and the end of their access."""
