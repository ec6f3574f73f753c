"""Where a webhook may not go, in however many ways the address is written."""

from __future__ import annotations

import socket
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.delivery.webhooks.guard import Address, Destination, Forbidden, Policy, check, is_public, read

POLICY = Policy()
PUBLIC = "8.8.8.8"

FORBIDDEN_4 = ["0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
               "192.0.0.0/24", "192.0.2.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
               "224.0.0.0/4", "240.0.0.0/4"]  # fmt: skip
FORBIDDEN_6 = ["::/8", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/32", "2001:db8::/32", "2002::/16",
               "3fff::/20", "5f00::/16", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8"]  # fmt: skip
METADATA = ["169.254.169.254", "169.254.170.2", "100.100.100.200", "168.63.129.16", "192.0.0.192", "fd00:ec2::254",
            "fd20:ce::254", "fe80::a9fe:a9fe"]  # fmt: skip


def addresses_of(networks: list[str]) -> st.SearchStrategy[Address]:
    return st.one_of([st.ip_addresses(network=network) for network in networks])


private_4 = addresses_of(FORBIDDEN_4)
private_6 = addresses_of(FORBIDDEN_6)


def leading_to(*addresses: str) -> object:
    """A resolver for which every name leads there."""
    return lambda host, port: [ip_address(address) for address in addresses]


def refusal(url: str, *addresses: str) -> str:
    """Why the URL is refused, though its name leads to these (public) addresses."""
    with pytest.raises(Forbidden) as caught:
        check(url, POLICY, leading_to(*(addresses or [PUBLIC])))  # type: ignore[arg-type]
    assert caught.value.errors == [("url", caught.value.message)]
    return caught.value.message


def spellings(address: IPv4Address) -> list[str]:
    """Ways in which resolvers understand an IPv4 address."""
    number, parts = int(address), address.packed
    return [
        str(address), str(number), hex(number), f"0{number:o}",
        ".".join(f"0{part:o}" for part in parts), ".".join(hex(part) for part in parts),
        f"{parts[0]}.{number & 0xFFFFFF}", f"{parts[0]}.{parts[1]}.{number & 0xFFFF}",
        ".".join(f"{part:03d}" for part in parts), f"{address}.", f"{number}.", f"{hex(number)}.",
        f"[::ffff:{address}]", f"[::ffff:{number >> 16:x}:{number & 0xFFFF:x}]", f"[::{address}]",
        f"[64:ff9b::{address}]", f"[2002:{number >> 16:x}:{number & 0xFFFF:x}::]",
    ]  # fmt: skip


@given(private_4)
def test_no_ipv4_address_of_a_special_range_is_public(address: Address) -> None:
    assert not is_public(address)


@given(private_6)
def test_no_ipv6_address_of_a_special_range_is_public(address: Address) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", METADATA)
def test_no_metadata_address_is_public(address: str) -> None:
    assert not is_public(ip_address(address))


@given(st.ip_addresses(v=4) | st.ip_addresses(v=6))
def test_whatever_the_standard_library_holds_special_is_not_public(address: Address) -> None:
    special = (address.is_private or address.is_loopback or address.is_link_local or address.is_multicast
               or address.is_reserved or address.is_unspecified)  # fmt: skip
    assert not (special and is_public(address))


@given(st.ip_addresses(v=4))
def test_an_ipv4_address_carried_in_an_ipv6_one_is_never_public(inner: IPv4Address) -> None:
    number = int(inner)
    carriers = [0xFFFF << 32 | number, number, 0x0064_FF9B << 96 | number, 0x2002 << 112 | number << 80,
                0x2001_0000 << 96 | 0xFFFF_FFFF ^ number]  # fmt: skip
    assert not any(is_public(IPv6Address(carrier)) for carrier in carriers)


@pytest.mark.parametrize("address", ["8.8.8.8", "1.1.1.1", "114.114.114.114", "2001:4860:4860::8888", "2400:3200::1"])
def test_ordinary_addresses_are_public(address: str) -> None:
    assert is_public(ip_address(address))


@given(private_4.filter(lambda address: isinstance(address, IPv4Address)), st.sampled_from(["http", "https"]))
def test_no_spelling_of_a_private_address_gets_through_the_resolver_of_this_machine(address: IPv4Address,
                                                                                     scheme: str) -> None:  # fmt: skip
    for host in spellings(address):
        with pytest.raises(Forbidden):
            check(f"{scheme}://{host}/hook", Policy(plain_http=True))


def test_a_name_that_leads_to_this_machine_is_refused() -> None:
    for host in ("localhost", "LOCALHOST", "localhost.", "ip6-localhost", socket.gethostname()):
        with pytest.raises(Forbidden):
            check(f"https://{host}/hook", POLICY)


@given(st.lists(st.ip_addresses(), max_size=4), private_4 | private_6, st.lists(st.ip_addresses(), max_size=4))
def test_one_private_address_among_many_is_enough_to_refuse(before: list[Address], private: Address,
                                                            after: list[Address]) -> None:  # fmt: skip
    with pytest.raises(Forbidden):
        check("https://hooks.example.org/", POLICY, lambda host, port: [*before, private, *after])


@pytest.mark.parametrize(("url", "why"), [
    ("http://hooks.example.org/", "plain http is not allowed"),
    ("ftp://hooks.example.org/", "must begin with https://"),
    ("gopher://hooks.example.org/", "must begin with https://"),
    ("file:///etc/passwd", "must be an address"),
    ("//hooks.example.org/", "must be an address"),
    ("https:hooks.example.org", "must be an address"),
    ("https://", "must be an address"),
    ("https:///hook", "must be an address"),
    ("", "must be an address"),
    ("https://user:word@hooks.example.org/", "user name or password"),
    ("https://user@hooks.example.org/", "user name or password"),
    ("https://@hooks.example.org/", "user name or password"),
    ("https://8.8.8.8@127.0.0.1/", "user name or password"),
    ("https://hooks.example.org#@127.0.0.1/", "fragment"),
    ("https://hooks.example.org\\@127.0.0.1/", "must be an address"),
    ("https://hooks.example.org/a b", "must be an address"),
    ("https://hooks.example.org/\r\nX: y", "must be an address"),
    (" https://hooks.example.org/", "must be an address"),
    ("https://hooks.example.org/\x00", "must be an address"),
    ("https://例子.org/", "must be an address"),
    ("https://hooks.example.org:22/", "the port must be one of"),
    ("https://hooks.example.org:80/", "the port must be one of"),
    ("https://hooks.example.org:0/", "no such port"),
    ("https://hooks.example.org:99999/", "no such port"),
    ("https://hooks.example.org:/", "must be an address"),
    ("https://%31%32%37.0.0.1/", "must be an address"),
    ("https://-bad-.example.org/", "is not a host name"),
    ("https://hooks..example.org/", "is not a host name"),
    ("https://1.2.3.4.5/", "not an IP address"),
    ("https://127.1/", "not an IP address"),
    ("https://[::1/", "must be an address"),
    ("https://[fe80::1%25eth0]/", "must be an address"),
    ("https://[12345::]/", "not an IP address"),
    (f"https://hooks.example.org/{'a' * 500}", "longer than 500"),
])  # fmt: skip
def test_what_is_wrong_with_a_url_is_said(url: str, why: str) -> None:
    assert why in refusal(url)


def test_a_host_that_leads_nowhere_is_refused() -> None:
    def nowhere(host: str, port: int) -> list[Address]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    with pytest.raises(Forbidden, match="cannot be found"):
        check("https://hooks.example.org/", POLICY, nowhere)


def test_a_name_that_turns_to_a_private_address_is_refused_at_its_next_use() -> None:
    answers = [[ip_address("8.8.8.8")], [ip_address("127.0.0.1")]]
    check("https://hooks.example.org/", POLICY, lambda host, port: answers[0])
    with pytest.raises(Forbidden):
        check("https://hooks.example.org/", POLICY, lambda host, port: answers[1])


def test_the_host_is_looked_up_once_and_its_addresses_are_kept() -> None:
    asked = []

    def resolve(host: str, port: int) -> list[Address]:
        asked.append((host, port))
        return [ip_address("8.8.8.8"), ip_address("2001:4860:4860::8888")]

    found = check("HTTPS://Hooks.Example.org.:8443/a/b?c=d", POLICY, resolve)
    assert asked == [("hooks.example.org", 8443)]
    assert found == Destination("https", "hooks.example.org", 8443, "/a/b?c=d",
                                (IPv4Address("8.8.8.8"), IPv6Address("2001:4860:4860::8888")))  # fmt: skip
    assert found.authority == "hooks.example.org:8443"


def test_an_installation_may_allow_plain_http() -> None:
    assert read("http://hooks.example.org/", Policy(plain_http=True)).port == 80


def test_a_trusted_host_is_taken_as_it_is() -> None:
    trusting = Policy(trusted_hosts=frozenset({"127.0.0.1", "::1", "receiver.test"}))
    assert check("http://127.0.0.1:40123/hook", trusting).addresses == (IPv4Address("127.0.0.1"),)
    assert check("http://[::1]:40123/", trusting).authority == "[::1]:40123"
    with pytest.raises(Forbidden):
        check("http://127.0.0.2:40123/hook", trusting)
    with pytest.raises(Forbidden):
        check("https://localhost/hook", trusting)


def test_the_special_ranges_tested_here_are_not_subnets_of_public_space() -> None:
    """A typing error in the lists above must not let the properties hold by accident."""
    assert not any(is_public(IPv4Network(network).network_address) for network in FORBIDDEN_4)
    assert not any(is_public(IPv6Network(network).network_address) for network in FORBIDDEN_6)
