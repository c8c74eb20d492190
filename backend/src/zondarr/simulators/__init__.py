"""Small honest media servers for tests and the demo; nothing here serves real people.

They know nothing of Zondarr but `core`, so that they cannot agree with our clients
for the wrong reason. How faithful they are, and where not, is in docs/simulators.md.
"""
