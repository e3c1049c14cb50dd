package probe

import (
	"bytes"
	"errors"
	"syscall"
)

// The types of an echo request and of its reply: RFC 792, page 14; RFC 4443, 4.1 and 4.2.
const (
	echoRequest, echoReply   = 8, 0
	echoRequest6, echoReply6 = 128, 129
)

// echoHeader is how long the header of an echo message is: type, code, checksum, identifier, number.
const echoHeader = 8

// echoMessage is the request that carries a nonce. The kernel writes checksum and identifier.
func echoMessage(protocol, nonce string) []byte {
	m := make([]byte, echoHeader, echoHeader+len(nonce))
	m[0] = echoRequest
	if protocol == ICMPv6 {
		m[0] = echoRequest6
	}
	m[7] = 1 // the first and only one
	return append(m, nonce...)
}

// echoes tells whether a message is the reply to the request that carries a nonce.
func echoes(protocol, nonce string, m []byte) bool {
	want := byte(echoReply)
	if protocol == ICMPv6 {
		want = echoReply6
	}
	return len(m) >= echoHeader && m[0] == want && m[1] == 0 && bytes.Equal(m[echoHeader:], []byte(nonce))
}

// notEchoed judges the error of an echo. What a connected socket of ICMP is told of the network are the messages
// that end a connection (Linux, ping_err): port unreachable, and what prohibits, which IPv6 tells as EACCES.
func notEchoed(err error) Report {
	if errors.Is(err, syscall.EHOSTUNREACH) || errors.Is(err, syscall.EACCES) {
		err = errProhibited
	}
	return notConnected(err)
}
