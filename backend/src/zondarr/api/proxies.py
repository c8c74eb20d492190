"""The client's address and scheme behind reverse proxies.

Anyone can send `X-Forwarded-For`; only what our own proxies appended is trusted, so the
list is read from its end up to the first address that is not one of them.
"""

from collections.abc import Sequence
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

type Networks = tuple[IPv4Network | IPv6Network, ...]


@lru_cache(4096)
def is_trusted(address: str, proxies: Networks, /) -> bool:
    ip = _parse(address)
    return ip is not None and any(ip in network for network in proxies)


def client_address(peer: str, forwarded_for: Sequence[str], proxies: Networks) -> str:
    """The rightmost address that is not one of our proxies, else the leftmost.

    peer           the address of the connection itself
    forwarded_for  the values of `X-Forwarded-For`, in the order of the headers
    """
    address = peer
    hops = [hop.strip() for value in forwarded_for for hop in value.split(",")]
    for hop in reversed(hops):
        if not is_trusted(address, proxies):
            break
        ip = _parse(hop)
        if ip is None:
            break
        address = str(ip)
    return address


def client_scheme(own: str, forwarded_proto: str, *, trusted: bool) -> str:
    """The scheme that the client used; of several values the last is our
    own proxy's.
    """
    last = forwarded_proto.rpartition(",")[2].strip().lower()
    return last if trusted and last in {"http", "https"} else own


def _parse(text: str) -> IPv4Address | IPv6Address | None:
    """An address as proxies write it: `1.2.3.4`, `1.2.3.4:80`, `[::1]:80`, `::1`."""
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        ip = ip_address(text)
    except ValueError:
        return None
    mapped = ip.ipv4_mapped if isinstance(ip, IPv6Address) else None
    return mapped or ip
