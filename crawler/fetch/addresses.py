"""Which addresses belong to the public internet, and how hosts in URLs may be spelled. Pure decisions, no I/O."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import ParseResult, SplitResult

IPAddress = IPv4Address | IPv6Address

DEFAULT_PORTS = {"http": 80, "https": 443}

# IANA's special-purpose registries (RFC 6890 and its successors); the first row that holds an address names it.
SPECIAL_NETWORKS = tuple(
    (ip_network(network), name)
    for network, name in (
        ("0.0.0.0/8", "an address of this very network"),
        ("10.0.0.0/8", "a private address"),
        ("100.64.0.0/10", "an address behind a carrier's NAT"),
        ("127.0.0.0/8", "a loopback address"),
        ("169.254.0.0/16", "a link-local address"),
        ("172.16.0.0/12", "a private address"),
        ("192.0.0.0/24", "a reserved address"),
        ("192.0.2.0/24", "an address for documentation"),
        ("192.31.196.0/24", "a reserved address"),
        ("192.52.193.0/24", "a reserved address"),
        ("192.88.99.0/24", "a relay address"),
        ("192.168.0.0/16", "a private address"),
        ("192.175.48.0/24", "a reserved address"),
        ("198.18.0.0/15", "an address for benchmarks"),
        ("198.51.100.0/24", "an address for documentation"),
        ("203.0.113.0/24", "an address for documentation"),
        ("224.0.0.0/4", "a multicast address"),
        ("240.0.0.0/4", "a reserved address"),
        ("::/128", "an address of this very network"),
        ("::1/128", "a loopback address"),
        ("::ffff:0:0/96", "an IPv4 address written as IPv6"),
        ("64:ff9b::/96", "an IPv4 address behind NAT64"),
        ("64:ff9b:1::/48", "an IPv4 address behind NAT64"),
        ("2001::/23", "a reserved address"),
        ("2001:db8::/32", "an address for documentation"),
        ("2002::/16", "an IPv4 address behind 6to4"),
        ("3fff::/20", "an address for documentation"),
        ("fc00::/7", "a private address"),
        ("fe80::/10", "a link-local address"),
        ("fec0::/10", "a private address"),
        ("ff00::/8", "a multicast address"),
    )
)
PUBLIC_IPV6 = IPv6Network("2000::/3")  # the only IPv6 block that is handed out (RFC 4291 §2.4)

# Names that mean this machine whatever a resolver says of them (RFC 6761 §6.3).
LOCAL_NAMES = frozenset({"localhost", "localhost.localdomain", "ip6-localhost", "ip6-loopback"})

_HOST_NAME = re.compile(r"[a-z0-9_](?:[a-z0-9_.-]{0,252}[a-z0-9_])?\Z")
# A name whose last label is a number is an IPv4 address to inet_aton, in decimal, octal or hexadecimal.
_NUMERIC_END = re.compile(r"(?:.*\.)?(?:0x[0-9a-f]*|[0-9]+)\.?\Z")


class UnsafeUrl(ValueError):
    """A URL that is not asked because of how it is written; the text is the second half of a sentence."""


@dataclass(slots=True, frozen=True)
class Target:
    """Where a URL leads: the host as written (lower case), its port, and its address where the host is one."""

    host: str
    port: int
    address: IPAddress | None = None

    @property
    def is_local_name(self) -> bool:
        """Whether the host is a name of this machine."""
        name = self.host.removesuffix(".")
        return name in LOCAL_NAMES or name.endswith(".localhost")


@lru_cache(maxsize=4096)
def special_name(address: IPAddress) -> str | None:
    """What an address is that is not public ("a private address"); None for a public one."""
    for network, name in SPECIAL_NETWORKS:
        if address.version == network.version and address in network:
            return name
    return "a reserved address" if address.version == 6 and address not in PUBLIC_IPV6 else None


def is_public(addresses: tuple[IPAddress, ...]) -> bool:
    """Whether all of these addresses belong to the public internet."""
    return all(special_name(address) is None for address in addresses)


def parse_target(url: SplitResult | ParseResult) -> Target:
    """Where a split URL leads. Raises UnsafeUrl for anything but http and https, and for hosts that could be
    read in two ways: a user name, characters no host name has, numbers that are no plain dotted address.
    """
    if url.scheme not in DEFAULT_PORTS:
        raise UnsafeUrl(f"only http and https are asked, not {url.scheme[:20] or 'an empty scheme'}")
    try:
        host, port = url.hostname, url.port
    except ValueError as error:
        raise UnsafeUrl("its port is no number") from error
    if not host:
        raise UnsafeUrl("it names no host")
    if "@" in url.netloc:
        raise UnsafeUrl("it names a user before its host")
    port = DEFAULT_PORTS[url.scheme] if port is None else port
    try:
        address = ip_address(host)
    except ValueError:
        return Target(_checked_name(host), port)
    if isinstance(address, IPv6Address) and address.scope_id:
        raise UnsafeUrl("its address names a network interface")
    return Target(host, port, address)


def _checked_name(host: str) -> str:
    if _NUMERIC_END.match(host):
        raise UnsafeUrl("its host is a number and no plain address")
    if not _HOST_NAME.match(host.removesuffix(".")):
        raise UnsafeUrl("its host is no host name")
    return host
