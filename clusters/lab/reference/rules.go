package main

import (
	"encoding/binary"
	"fmt"
	"net/netip"

	"github.com/google/nftables"
	"github.com/google/nftables/binaryutil"
	"github.com/google/nftables/expr"
	"github.com/google/nftables/xt"
	"golang.org/x/sys/unix"
)

// tableName is the table that holds all rules of the agent and nothing else.
const tableName = "netfate-reference"

// install puts the rules for the pod networks in place, in one transaction:
//
//	table ip netfate-reference {
//	    chain leave { type filter hook postrouting priority mangle
//	        ct state established,related accept
//	        meta skuid 0 accept
//	        ip saddr NETWORK goto judge; ip daddr NETWORK goto judge }
//	    chain arrive { type filter hook input priority mangle
//	        ct state established,related accept
//	        iifname lo accept
//	        ip saddr NETWORK goto judge }
//	    chain judge {
//	        tcp flags & (fin|syn|rst|ack) != syn drop
//	        queue }
//	}
//
// At postrouting, before source NAT, a packet has the addresses after the
// translation of a Service and the sender's own.
func install(networks []netip.Prefix) error {
	c := &nftables.Conn{}
	t := &nftables.Table{Family: nftables.TableFamilyIPv4, Name: tableName}
	c.AddTable(t) // deleting what is not there would fail
	c.DelTable(t)
	c.AddTable(t)
	judge := c.AddChain(&nftables.Chain{Table: t, Name: "judge"})
	leave := c.AddChain(base(t, "leave", nftables.ChainHookPostrouting))
	arrive := c.AddChain(base(t, "arrive", nftables.ChainHookInput))
	add := func(chain *nftables.Chain, exprs ...[]expr.Any) {
		var all []expr.Any
		for _, e := range exprs {
			all = append(all, e...)
		}
		c.AddRule(&nftables.Rule{Table: t, Chain: chain, Exprs: all})
	}
	add(leave, replies(), accept())
	add(leave, user(0), accept())
	add(arrive, replies(), accept())
	add(arrive, loopback(), accept())
	for _, n := range networks {
		add(leave, within(sourceOffset, n), jump(judge))
		add(leave, within(destinationOffset, n), jump(judge))
		add(arrive, within(sourceOffset, n), jump(judge))
	}
	add(judge, notOpening(), []expr.Any{&expr.Verdict{Kind: expr.VerdictDrop}})
	add(judge, []expr.Any{queue(queueNumber)})
	if err := c.Flush(); err != nil {
		return fmt.Errorf("nftables table %s: %w", tableName, err)
	}
	return nil
}

// uninstall removes the rules.
func uninstall() error {
	c := &nftables.Conn{}
	c.DelTable(&nftables.Table{Family: nftables.TableFamilyIPv4, Name: tableName})
	if err := c.Flush(); err != nil {
		return fmt.Errorf("removing nftables table %s: %w", tableName, err)
	}
	return nil
}

func base(t *nftables.Table, name string, hook *nftables.ChainHook) *nftables.Chain {
	return &nftables.Chain{
		Table: t, Name: name, Type: nftables.ChainTypeFilter, Hooknum: hook, Priority: nftables.ChainPriorityMangle,
	}
}

func accept() []expr.Any { return []expr.Any{&expr.Verdict{Kind: expr.VerdictAccept}} }

func jump(to *nftables.Chain) []expr.Any {
	return []expr.Any{&expr.Verdict{Kind: expr.VerdictGoto, Chain: to.Name}}
}

// replies matches packets of connections that are known, and related ones.
func replies() []expr.Any {
	mask := binaryutil.NativeEndian.PutUint32(expr.CtStateBitESTABLISHED | expr.CtStateBitRELATED)
	return []expr.Any{
		&expr.Ct{Register: 1, Key: expr.CtKeySTATE},
		&expr.Bitwise{SourceRegister: 1, DestRegister: 1, Len: 4, Mask: mask, Xor: make([]byte, 4)},
		&expr.Cmp{Op: expr.CmpOpNeq, Register: 1, Data: make([]byte, 4)},
	}
}

// user matches packets that a process of a user on this node sends; packets that
// are forwarded have no user.
func user(id uint32) []expr.Any {
	return []expr.Any{
		&expr.Meta{Key: expr.MetaKeySKUID, Register: 1},
		&expr.Cmp{Op: expr.CmpOpEq, Register: 1, Data: binaryutil.NativeEndian.PutUint32(id)},
	}
}

// loopback matches what a node sends to itself.
func loopback() []expr.Any {
	name := make([]byte, unix.IFNAMSIZ)
	copy(name, "lo")
	return []expr.Any{
		&expr.Meta{Key: expr.MetaKeyIIFNAME, Register: 1},
		&expr.Cmp{Op: expr.CmpOpEq, Register: 1, Data: name},
	}
}

// Where the addresses stand in a header of IPv4, in bytes.
const (
	sourceOffset      = 12
	destinationOffset = 16
)

// within matches an address of the header within a network.
func within(offset uint32, n netip.Prefix) []expr.Any {
	mask := make([]byte, 4)
	binary.BigEndian.PutUint32(mask, ^uint32(0)<<(32-n.Bits()))
	return []expr.Any{
		&expr.Payload{DestRegister: 1, Base: expr.PayloadBaseNetworkHeader, Offset: offset, Len: 4},
		&expr.Bitwise{SourceRegister: 1, DestRegister: 1, Len: 4, Mask: mask, Xor: make([]byte, 4)},
		&expr.Cmp{Op: expr.CmpOpEq, Register: 1, Data: n.Masked().Addr().AsSlice()},
	}
}

// notOpening matches TCP segments that open no connection. Of a connection that
// conntrack does not know they are what is left of one that was cut.
func notOpening() []expr.Any {
	const flagsOffset, finSynRstAck, syn = 13, 0x17, 0x02
	return []expr.Any{
		&expr.Meta{Key: expr.MetaKeyL4PROTO, Register: 1},
		&expr.Cmp{Op: expr.CmpOpEq, Register: 1, Data: []byte{unix.IPPROTO_TCP}},
		&expr.Payload{DestRegister: 1, Base: expr.PayloadBaseTransportHeader, Offset: flagsOffset, Len: 1},
		&expr.Bitwise{SourceRegister: 1, DestRegister: 1, Len: 1, Mask: []byte{finSynRstAck}, Xor: []byte{0}},
		&expr.Cmp{Op: expr.CmpOpNeq, Register: 1, Data: []byte{syn}},
	}
}

// queue is the xtables target NFQUEUE, revision 3 (struct xt_NFQ_info_v3: number,
// how many queues, flags; padded to 8 bytes). Without the flag "bypass" packets are
// dropped while nobody serves the queue.
func queue(number uint16) expr.Any {
	info := make(xt.Unknown, 8)
	binary.NativeEndian.PutUint16(info[0:], number)
	binary.NativeEndian.PutUint16(info[2:], 1)
	return &expr.Target{Name: "NFQUEUE", Rev: 3, Info: &info}
}
