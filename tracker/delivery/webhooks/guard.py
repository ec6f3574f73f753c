"""Where a webhook may go: to a public address, and never into the network that this tracker runs in.

A host is resolved once; every address it has must be public, and the sender connects to one of exactly these. So a
name that leads elsewhere a moment later (DNS rebinding) leads nowhere. Ranges: IANA's special-purpose registries for
IPv4 (RFC 6890) and IPv6, and the metadata addresses of the large clouds.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

from tracker.values.errors import Invalid

Address = IPv4Address | IPv6Address
Resolve = Callable[[str, int], Sequence[Address]]
"""Looks up the addresses of a host; raises OSError when it has none."""

LONGEST_URL = 500
_DEFAULT_PORTS = {"http": 80, "https": 443}

_URL = re.compile(
    r"(?P<scheme>[a-z][a-z0-9+.-]*)://(?P<person>[^/?#@]*@)?(?P<host>\[[0-9a-f:.]*\]|[a-z0-9._-]*)(?::(?P<port>[0-9]{1,5}))?"
    r"(?P<path>/[^?#]*)?(?P<query>\?[^#]*)?(?P<fragment>#.*)?",
    re.IGNORECASE | re.ASCII,
)
_FOREIGN = re.compile(r"[^\x21-\x7e]|[\\\"<>^`{|}]")
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")

_NOT_PUBLIC_4 = [
    IPv4Network(network)
    for network in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
        "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
        "224.0.0.0/4", "240.0.0.0/4",
        "168.63.129.16/32",  # Azure's platform, a public number that leads to the host
    )
]  # fmt: skip
_PUBLIC_6 = IPv6Network("2000::/3")
_NOT_PUBLIC_6 = [
    IPv6Network(network)
    for network in (
        "2001::/23",  # protocol assignments; Teredo (2001::/32) carries an IPv4 address
        "2001:db8::/32", "3fff::/20",  # documentation
        "2002::/16",  # 6to4 carries an IPv4 address
    )
]  # fmt: skip


class Forbidden(Invalid):
    """A webhook may not be sent there."""

    def __init__(self, why: str) -> None:
        super().__init__(why, [("url", why)])


@dataclass(frozen=True)
class Policy:
    """What an installation allows.

    :param ports: the ports a receiver may listen on.
    :param plain_http: whether unencrypted receivers are allowed.
    :param trusted_hosts: hosts taken as they are, wherever they lead, by any scheme and port; for development and
        tests.
    """

    ports: frozenset[int] = frozenset({443, 8443})
    plain_http: bool = False
    trusted_hosts: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Destination:
    """A receiver that may be written to, and the only addresses to reach it by."""

    scheme: str
    host: str
    port: int
    target: str
    """Path and query, as in the first line of the request."""
    addresses: tuple[Address, ...] = ()

    @property
    def authority(self) -> str:
        """The ``Host`` header."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"


def system_resolver(host: str, port: int) -> list[Address]:
    """What this machine's resolver says, best address first."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(ip_address(row[4][0]) for row in found))


def check(url: str, policy: Policy, resolve: Resolve = system_resolver) -> Destination:
    """Where the URL leads, if a webhook may go there.

    :raises Forbidden: it is not well formed, not allowed by the policy, leads to an address that is not public, or
        nowhere.
    """
    wanted = read(url, policy)
    try:
        addresses = tuple(resolve(wanted.host, wanted.port))
    except (OSError, UnicodeError):
        addresses = ()
    if not addresses:
        raise Forbidden(f"找不到主机 the host {wanted.host} cannot be found")
    if wanted.host not in policy.trusted_hosts:
        _refuse_private(addresses)
    return Destination(wanted.scheme, wanted.host, wanted.port, wanted.target, addresses)


def _refuse_private(addresses: Sequence[Address]) -> None:
    for address in addresses:
        if not is_public(address):
            raise Forbidden(
                f"{address} 不是公网地址，内网、回环、链路本地、组播、保留和元数据地址都不行 is not a public address: "
                "private, loopback, link-local, multicast, reserved and metadata addresses are refused"
            )


def is_public(address: Address) -> bool:
    """Whether an address belongs to a host on the public internet."""
    if isinstance(address, IPv4Address):
        return address.is_global and not any(address in network for network in _NOT_PUBLIC_4)
    return address in _PUBLIC_6 and address.is_global and not any(address in network for network in _NOT_PUBLIC_6)


def read(url: str, policy: Policy) -> Destination:
    """The parts of the URL, which is well formed and allowed by the policy; nothing is looked up.

    :raises Forbidden: saying what is wrong with it.
    """
    if len(url) > LONGEST_URL:
        raise Forbidden(f"网址最长 {LONGEST_URL} 个字符 is longer than {LONGEST_URL} characters")
    found = _URL.fullmatch(url)
    if _FOREIGN.search(url) or not found or not found["host"]:
        raise Forbidden("须是 https://example.org/hook 这样的网址，中文域名写作 Punycode must be an address such as "
                        "https://example.org/hook, other letters written as Punycode")  # fmt: skip
    if found["person"]:
        raise Forbidden("网址里不能带用户名或口令 must not carry a user name or password")
    if found["fragment"]:
        raise Forbidden("网址里不能带 # must not have a fragment (#)")
    host, scheme = _host(found["host"].lower()), found["scheme"].lower()
    port = int(found["port"] or _DEFAULT_PORTS.get(scheme, 0))
    target = (found["path"] or "/") + (found["query"] or "")
    _refuse_unsafe(scheme, host, port, policy)
    return Destination(scheme, host, port, target)


def _host(text: str) -> str:
    """A name in lower case without the last dot, or an address in its one ordinary form."""
    if text.startswith("["):
        return str(_literal(text[1:-1]))
    name = text.removesuffix(".")
    labels = name.split(".")
    if _NUMBER.fullmatch(labels[-1]):  # then resolvers take the whole for an IPv4 address, in whatever notation
        return str(_literal(name))
    if len(name) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        raise Forbidden(f"{text} 不是主机名 is not a host name")
    return name


def _literal(text: str) -> Address:
    try:
        return ip_address(text)
    except ValueError as error:
        raise Forbidden(f"{text} 不是通常形式的 IP 地址 is not an IP address in its ordinary form") from error


def _refuse_unsafe(scheme: str, host: str, port: int, policy: Policy) -> None:
    if scheme not in _DEFAULT_PORTS:
        raise Forbidden("须以 https:// 开头 must begin with https://")
    if not 0 < port < 65536:
        raise Forbidden(f"没有端口 {port} there is no such port")
    if host in policy.trusted_hosts:
        return
    if scheme == "http" and not policy.plain_http:
        raise Forbidden("须以 https:// 开头，不接受未加密的 http must begin with https://, plain http is not allowed")
    allowed = policy.ports | ({80} if policy.plain_http else frozenset())
    if port not in allowed:
        listed = ", ".join(str(number) for number in sorted(allowed))
        raise Forbidden(f"端口只能是 the port must be one of {listed}")
