"""The addresses that requests may connect to: checked once, and then the very ones that are used.

Checking a name and looking it up again for the connection would let a name server answer the check with a
public address and the connection with a private one. So the guard approves addresses here, and the resolver
of Twisted's reactor hands out nothing else. There is one table a process, as there is one reactor.
"""

from __future__ import annotations

import asyncio
import socket
from ipaddress import ip_address
from typing import Any

from scrapy.resolver import HostResolution
from twisted.internet.address import IPv4Address as TxIPv4Address
from twisted.internet.address import IPv6Address as TxIPv6Address
from twisted.internet.interfaces import IHostnameResolver
from zope.interface import implementer  # type: ignore[import-untyped]

from crawler.fetch.addresses import IPAddress, is_public

# What Twisted describes with zope.interface (a reactor, a receiver of addresses) has no type mypy can read.
ZopeProvided = Any


class Pins:
    """Approved addresses by host and port. Never forgets: a request may wait long between check and connection."""

    def __init__(self) -> None:
        self._approved: dict[tuple[str, int], tuple[IPAddress, ...]] = {}

    def approve(self, host: str, port: int, addresses: tuple[IPAddress, ...]) -> bool:
        """Let connections to this host and port go to these addresses, and to no others.

        False, and nothing approved, where the host led to the public internet before and no longer does:
        another crawl may hold requests that were checked when it did.
        """
        before = self._approved.get((host, port), ())
        if before and is_public(before) and not is_public(addresses):
            return False
        self._approved[host, port] = addresses
        return True

    def addresses(self, host: str, port: int) -> tuple[IPAddress, ...]:
        """The approved addresses; empty where nothing was approved."""
        return self._approved.get((host, port), ())


PINS = Pins()


async def look_up(host: str, timeout: float) -> tuple[IPAddress, ...]:
    """The addresses of a name, in a fixed order, IPv4 first.

    Raises OSError where the name has none, TimeoutError after `timeout` seconds.
    """
    loop = asyncio.get_running_loop()
    asked = loop.getaddrinfo(host, None, type=socket.SOCK_STREAM, flags=socket.AI_ADDRCONFIG)
    found = {ip_address(str(row[4][0]).partition("%")[0]) for row in await asyncio.wait_for(asked, timeout)}
    ranked = sorted(found, key=lambda address: (address.version, int(address)))
    return tuple(ranked)


@implementer(IHostnameResolver)
class PinnedResolver:
    """The reactor's resolver: knows the approved addresses only, and asks no name server.

    Install it with `TWISTED_DNS_RESOLVER`; the guard installs it where a runner did not.
    """

    def __init__(self, reactor: ZopeProvided, pins: Pins = PINS) -> None:
        self._reactor = reactor
        self._pins = pins

    @classmethod
    def from_crawler(cls, crawler: object, reactor: ZopeProvided) -> PinnedResolver:
        """Scrapy's way to build a resolver; `crawler` may be the process."""
        return cls(reactor)

    def install_on_reactor(self) -> None:
        """Replace the resolver of the reactor."""
        self._reactor.installNameResolver(self)

    def resolveHostName(  # noqa: N802
        self,
        resolutionReceiver: ZopeProvided,  # noqa: N803
        hostName: str,  # noqa: N803
        portNumber: int = 0,  # noqa: N803
        addressTypes: object = None,  # noqa: N803
        transportSemantics: str = "TCP",  # noqa: N803
    ) -> ZopeProvided:
        """Tell the receiver the approved addresses of a host and port: none is a host that cannot be found."""
        resolution = HostResolution(hostName)
        resolutionReceiver.resolutionBegan(resolution)
        for address in self._pins.addresses(_ascii_host(hostName), portNumber):
            kind = TxIPv4Address if address.version == 4 else TxIPv6Address
            resolutionReceiver.addressResolved(kind("TCP", str(address), portNumber))
        resolutionReceiver.resolutionComplete()
        return resolution


def _ascii_host(name: str) -> str:
    """The host as URLs write it: Twisted hands over the decoded form of xn-- names."""
    if name.isascii():
        return name.lower()
    try:
        return name.encode("idna").decode("ascii")
    except UnicodeError:
        return name
