"""The bytes of a probe, read as a strict peer would read them."""

import socket

import pytest

from meetings.links.probes import icmp, sip

TOKEN = b"0123456789abcdef"


def test_an_echo_request_carries_a_right_checksum_and_its_sequence():
    packet = icmp.echo(socket.AF_INET, 3, TOKEN)
    assert icmp.checksum(packet) == 0
    assert icmp.sequence_of(bytes([0]) + packet[1:], 0, TOKEN) == 3


@pytest.mark.parametrize("packet", [b"", b"short", icmp.echo(socket.AF_INET, 3, TOKEN), bytes(24)])
def test_what_is_no_reply_to_us_is_no_answer(packet):
    assert icmp.sequence_of(packet, 0, TOKEN) is None


def test_an_options_request_has_every_header_that_the_standard_demands():
    """RFC 3261 section 8.1.1: To, From, CSeq, Call-ID, Max-Forwards, Via."""
    datagram = sip.options("10.1.2.3:5060", "10.0.0.1:40000", "c0ffee", 4)
    start, headers = sip.parse(datagram)
    assert start == "OPTIONS sip:10.1.2.3:5060 SIP/2.0"
    assert headers == {
        "via": "SIP/2.0/UDP 10.0.0.1:40000;rport;branch=z9hG4bKc0ffee4",
        "max-forwards": "70",
        "from": "<sip:prober@10.0.0.1:40000>;tag=c0ffee",
        "to": "<sip:10.1.2.3:5060>",
        "call-id": "c0ffee",
        "cseq": "5 OPTIONS",
        "contact": "<sip:prober@10.0.0.1:40000>",
        "accept": "application/sdp",
        "content-length": "0",
    }
    assert datagram.endswith(b"\r\n\r\n")


def test_an_ipv6_endpoint_is_named_in_brackets():
    assert sip.authority("2001:db8::5", 5060) == "[2001:db8::5]:5060"


@pytest.mark.parametrize(
    "datagram",
    [
        b"",
        b"\xff\xfe",
        b"SIP/2.0 200 OK\r\nCSeq: 1 OPTIONS\r\n\r\n",
        b"SIP/2.0 200 OK\r\nCall-ID: other\r\nCSeq: 1 OPTIONS\r\n\r\n",
        b"SIP/2.0 200 OK\r\nCall-ID: c0ffee\r\nCSeq: -1 OPTIONS\r\n\r\n",
        b"SIP/2.0 200 OK\r\nCall-ID: c0ffee\r\n\r\n",
        b"OPTIONS sip:x SIP/2.0\r\nCall-ID: c0ffee\r\nCSeq: 1 OPTIONS\r\n\r\n",
    ],
)
def test_what_is_no_response_to_our_call_is_no_answer(datagram):
    assert sip.sequence_of(datagram, "c0ffee") is None
