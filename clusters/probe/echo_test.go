package probe

import (
	"syscall"
	"testing"

	"github.com/netfate/netfate/clusters/observation"
)

// TestEchoes asserts that only the whole reply to a request's own nonce counts.
func TestEchoes(t *testing.T) {
	reply := func(kind byte, payload string) []byte { return append([]byte{kind, 0, 1, 2, 3, 4, 0, 1}, payload...) }
	for _, c := range []struct {
		name, protocol string
		message        []byte
		want           bool
	}{
		{"the reply", ICMP, reply(0, "nonce"), true},
		{"the reply of IPv6", ICMPv6, reply(129, "nonce"), true},
		{"of the other family", ICMP, reply(129, "nonce"), false},
		{"the request itself", ICMP, echoMessage(ICMP, "nonce"), false},
		{"the request itself of IPv6", ICMPv6, echoMessage(ICMPv6, "nonce"), false},
		{"another probe's nonce", ICMP, reply(0, "other"), false},
		{"cut off", ICMP, reply(0, "nonc"), false},
		{"with more behind", ICMP, reply(0, "nonces"), false},
		{"no payload", ICMP, reply(0, ""), false},
		{"another code", ICMP, append([]byte{0, 1, 0, 0, 0, 0, 0, 1}, "nonce"...), false},
		{"half a header", ICMP, []byte{0, 0, 0}, false},
		{"nothing", ICMP, nil, false},
	} {
		if got := echoes(c.protocol, "nonce", c.message); got != c.want {
			t.Errorf("%s: %t", c.name, got)
		}
	}
}

func TestNotEchoed(t *testing.T) {
	for err, want := range map[error]observation.Result{
		syscall.EHOSTUNREACH: observation.Refused, syscall.EACCES: observation.Refused, syscall.ECONNREFUSED: observation.Refused,
		syscall.ETIMEDOUT: observation.Timeout, syscall.ENETUNREACH: observation.Inconclusive, syscall.EHOSTDOWN: observation.Inconclusive,
	} {
		if r := notEchoed(err); r.Result != want {
			t.Errorf("%v: %+v, want %s", err, r, want)
		}
	}
}
