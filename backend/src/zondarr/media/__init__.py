"""Media servers behind one protocol; knows no table and no web framework.

`protocol.MediaClient` is what the features call, `registry.ClientRegistry` hands one
out for a server, `types` are the shapes both sides share, `exceptions` the failures.
"""
