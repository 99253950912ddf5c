"""A probe talks only to what the office has listed, however the target is written."""

from ipaddress import ip_network

import pytest

from meetings.links.targets import Allowance, Target, TargetRefused, resolve

pytestmark = pytest.mark.asyncio
ALLOWED = [
    Allowance(ip_network("127.20.0.0/16"), 5060, 5069),
    Allowance(ip_network("10.9.8.7/32"), 1, 65535),
    Allowance(ip_network("2001:db8::/64"), 5060, 5060),
]


@pytest.mark.parametrize(
    ("host", "port", "address"),
    [
        ("127.20.1.2", 5060, "127.20.1.2"),
        ("127.20.1.2", 0, "127.20.1.2"),
        ("::ffff:127.20.1.2", 5069, "127.20.1.2"),
        ("2132017410", 5060, "127.20.1.2"),  # the same in decimal
        ("10.9.8.7", 443, "10.9.8.7"),
        ("2001:db8::5", 5060, "2001:db8::5"),
    ],
)
async def test_a_listed_target_is_resolved_to_one_address(host, port, address):
    assert await resolve(host, port, ALLOWED) == Target(address, port)


@pytest.mark.parametrize(
    ("host", "port"),
    [
        ("127.20.1.2", 22),
        ("127.20.1.2", 5059),
        ("127.20.1.2", 5070),
        ("127.0.0.1", 5060),
        ("127.21.0.1", 5060),
        ("localhost", 5060),
        ("0.0.0.0", 5060),
        ("0", 5060),
        ("2130706433", 5060),
        ("0x7f000001", 5060),
        ("0177.0.0.1", 5060),
        ("127.1", 5060),
        ("::1", 5060),
        ("::", 5060),
        ("::ffff:127.0.0.1", 5060),
        ("::ffff:7f00:1", 5060),
        ("169.254.169.254", 80),
        ("::ffff:169.254.169.254", 80),
        ("255.255.255.255", 5060),
        ("224.0.0.1", 5060),
        ("10.9.8.8", 5060),
        ("10.9.8.6", 0),
        ("2001:db8:0:1::5", 5060),
        ("2001:db8::5", 5061),
        ("fe80::1%lo", 5060),
    ],
)
async def test_a_target_that_is_not_listed_is_refused(host, port):
    with pytest.raises(TargetRefused):
        await resolve(host, port, ALLOWED)


@pytest.mark.parametrize(
    "host",
    [
        "http://127.20.1.2",
        "file:///etc/passwd",
        "user@127.20.1.2",
        "127.20.1.2:5060",
        "a b",
    ],
)
async def test_what_is_no_host_resolves_to_nothing(host):
    with pytest.raises(OSError, match=r".+"):
        await resolve(host, 5060, ALLOWED)


async def test_with_an_empty_list_nothing_is_permitted():
    with pytest.raises(TargetRefused, match=r"^127\.20\.1\.2 port 5060 is 127\.20\.1\.2: not on the allow-list$"):
        await resolve("127.20.1.2", 5060, [])
