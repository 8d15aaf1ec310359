"""The gateway as a user would script it: pyrad and a socket. "python3 gateway.py PORT SERVER_PORT".

Answers CoA-Requests on 127.0.0.1: checks the Request Authenticator, finds the subscriber's DUID by
User-Name in a dict, sends a RECONFIGURE-REQUEST (RFC 6977) to [::1]:SERVER_PORT, waits for the
reply, answers. It keeps nothing on disk, repeats nothing, and knows no duplicates: a baseline.
"""
import socket
import struct
import sys

from pyrad import dictionary, packet

PORT, SERVER_PORT, SECRET = int(sys.argv[1]), int(sys.argv[2]), b"testing123"
USER_NAME, PROXY_STATE, MESSAGE_AUTHENTICATOR, DS_LITE_TUNNEL_NAME = 1, 33, 80, 144
EMPTY = dictionary.Dictionary()
LINK = socket.inet_pton(socket.AF_INET6, "2001:db8:1::1")


def option(code, body):
    return struct.pack("!HH", code, len(body)) + body


def duid(user):
    return bytes.fromhex("00030001025e%08x" % int(user[4:10]))


def reconfigure(transaction, client, name):
    return (struct.pack("!I", 18 << 24 | transaction) + option(1, client) + option(80, LINK)
            + option(66, option(64, name)) + option(19, b"\x05"))


duids = {b"user%06d@example.net" % i: duid("user%06d" % i) for i in range(100_000)}
radius = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
radius.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
radius.bind(("127.0.0.1", PORT))
dhcpv6 = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
dhcpv6.connect(("::1", SERVER_PORT))
dhcpv6.settimeout(1)
transaction = 0
while True:
    octets, source = radius.recvfrom(4096)
    request = packet.CoAPacket(packet=octets, secret=SECRET, dict=EMPTY)
    if request.code != packet.CoARequest or not request.VerifyCoARequest():
        continue
    answer = request.CreateReply()
    answer.code = packet.CoANAK
    client = duids.get(request[USER_NAME][0])
    if client:
        transaction = transaction + 1 & 0xffffff
        dhcpv6.send(reconfigure(transaction, client, request[DS_LITE_TUNNEL_NAME][0]))
        try:
            reply = dhcpv6.recv(4096)
            if reply[0] == 19 and reply[1:4] == transaction.to_bytes(3, "big"):
                answer.code = packet.CoAACK
        except socket.timeout:
            pass
    if PROXY_STATE in request:
        answer[PROXY_STATE] = request[PROXY_STATE]
    radius.sendto(answer.ReplyPacket(), source)
