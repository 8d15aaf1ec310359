"""Requests that radclient cannot make, by pyrad: "python3 cases.py PORT SECRET SESSION".

Prints one line for each case, "name: what came". pyrad packs and signs the attributes; what it
does not verify in answers, the Message-Authenticator, is verified here.
"""
import hashlib
import hmac
import socket
import struct
import sys
import time

from pyrad import dictionary, packet

PORT, SECRET, SESSION = int(sys.argv[1]), sys.argv[2].encode(), sys.argv[3].encode()
COA_REQUEST, COA_ACK, COA_NAK = 43, 44, 45
ACCT_SESSION_ID, EVENT_TIMESTAMP, MESSAGE_AUTHENTICATOR, ERROR_CAUSE = 44, 55, 80, 101
DS_LITE_TUNNEL_NAME, PROXY_STATE = 144, 33
EMPTY = dictionary.Dictionary()


def request(identifier, name=b"aftr.example.net", session=SESSION, authenticators=1, extra=()):
    coa = packet.CoAPacket(code=COA_REQUEST, id=identifier, secret=SECRET, dict=EMPTY)
    if authenticators:
        coa[MESSAGE_AUTHENTICATOR] = [bytes(16)] * authenticators
    coa[ACCT_SESSION_ID] = [session]
    coa[DS_LITE_TUNNEL_NAME] = [name]
    for attribute, value in extra:
        coa[attribute] = [value]
    return signed(coa.RequestPacket())


def signed(octets):
    """The Message-Authenticator over zeros, then the Request Authenticator (RFC 5176 2.3, 3.4)."""
    octets = bytearray(octets)
    octets[4:20] = bytes(16)
    at = [i for i, (kind, _) in walk(octets) if kind == MESSAGE_AUTHENTICATOR]
    mac = hmac.new(SECRET, bytes(octets), hashlib.md5).digest()
    for i in at:
        octets[i + 2:i + 18] = mac
    octets[4:20] = hashlib.md5(bytes(octets) + SECRET).digest()
    return bytes(octets)


def walk(octets):
    i = 20
    while i < len(octets):
        yield i, (octets[i], bytes(octets[i + 2:i + octets[i + 1]]))
        i += octets[i + 1]


def judged(sent, answer):
    """The answer in words; "wrong ..." when anything in it is not as it must be."""
    if answer is None:
        return "none"
    plain = answer[:4] + sent[4:20] + answer[20:]
    if hashlib.md5(plain + SECRET).digest() != answer[4:20] or answer[1] != sent[1]:
        return "wrong Response Authenticator or Identifier"
    attributes = list(walk(answer))
    for n, (i, (kind, value)) in enumerate(attributes):
        if kind == MESSAGE_AUTHENTICATOR:
            zeroed = plain[:i + 2] + bytes(16) + plain[i + 18:]
            if n or hmac.new(SECRET, zeroed, hashlib.md5).digest() != value:
                return "wrong Message-Authenticator"
    words = [{COA_ACK: "CoA-ACK", COA_NAK: "CoA-NAK"}.get(answer[0], "code %d" % answer[0])]
    words += [str(struct.unpack(">I", v)[0]) for _, (k, v) in attributes if k == ERROR_CAUSE]
    words += [v.decode() for _, (k, v) in attributes if k == PROXY_STATE]
    if any(k == MESSAGE_AUTHENTICATOR for _, (k, v) in attributes):
        words.append("signed")
    return " ".join(words)


def client():
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.connect(("127.0.0.1", PORT))
    return s


def receive(s, seconds=3.0):
    s.settimeout(seconds)
    try:
        return s.recv(4096)
    except socket.timeout:
        return None


def case(name, sent, s=None, seconds=3.0):
    s = s or client()
    s.send(sent)
    answer = receive(s, seconds)
    print("%s: %s" % (name, judged(sent, answer)), flush=True)
    return answer


case("signed request, signed answer", request(1))
case("unsigned request, unsigned answer", request(1, authenticators=0))
case("two Message-Authenticators", request(2, authenticators=2), seconds=1)
broken = bytearray(request(3))
broken[25] ^= 1  # inside the Message-Authenticator; the Request Authenticator is made right again
broken[4:20] = bytes(16)
broken[4:20] = hashlib.md5(bytes(broken) + SECRET).digest()
case("wrong Message-Authenticator", bytes(broken), seconds=1)
case("padding after Length", request(4) + bytes(7))
case("cut before Length", request(5)[:-1], seconds=1)
odd = bytearray(request(6, authenticators=0) + b"\x21\x01")  # Proxy-State with Length 1
odd[2:4] = struct.pack(">H", len(odd))
odd[4:20] = bytes(16)
odd[4:20] = hashlib.md5(bytes(odd) + SECRET).digest()
case("attribute with Length 1", bytes(odd), seconds=1)
access = bytearray(request(7))
access[0] = 1  # an Access-Request with a right Request Authenticator all the same
access[4:20] = bytes(16)
access[4:20] = hashlib.md5(bytes(access) + SECRET).digest()
case("Access-Request", bytes(access), seconds=1)
case("Proxy-State in order", request(8, extra=[(PROXY_STATE, b"p1")]))

s = client()
sent = request(9, name=b"aftr9.example.net")
first = case("first time", sent, s)
again = case("the same again", sent, s)
print("the same octets: %s" % (first == again), flush=True)
case("the same Identifier, another request", request(9, name=b"aftr10.example.net"), s)
case("a replay from another port", sent, client(), seconds=1)

s = client()
wanted = {}
for identifier in range(256):
    wanted[identifier] = request(identifier, name=b"aftr-%d.example.net" % identifier)
    s.send(wanted[identifier])
    if identifier % 16 == 15:
        time.sleep(0.02)  # a DAC, not a flood
answers = {}
while len(answers) < 256:
    answer = receive(s, 20.0)
    if answer is None:
        break
    answers[answer[1]] = judged(wanted[answer[1]], answer)
print("256 Identifiers from one port: %d answers, %s" % (len(answers), sorted(set(answers.values()))))
