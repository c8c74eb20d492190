"""What a simulated media server calls its version."""

SERVER_VERSION = "1.42.2.10156-f737b826c"
