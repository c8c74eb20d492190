from tests.simulated import registry, server, servers, simulator, url, work, workspace

__all__ = ["registry", "server", "servers", "simulator", "url", "work", "workspace"]
