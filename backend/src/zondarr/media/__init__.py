"""Media servers behind one protocol. Imports no table and no web framework.

`protocol.MediaClient` is the interface that features call. `registry.ClientRegistry`
creates a client for a server. `types` holds the shared value types, `exceptions` the
errors.
"""
