package main

import (
	"fmt"
	"net"
	"os"

	"github.com/google/nftables"
	"github.com/google/nftables/expr"
)

// configPath is where the container runtime looks for the configuration.
const configPath = "/etc/cni/net.d/10-labnet.conflist"

// configuration of the CNI plugins ptp, host-local and portmap; %q is the node's network.
const configuration = `{"cniVersion":"0.4.0","name":"labnet","plugins":[
 {"type":"ptp","ipMasq":false,"mtu":1500,"ipam":{"type":"host-local","dataDir":"/run/cni-ipam-state",
  "routes":[{"dst":"0.0.0.0/0"}],"ranges":[[{"subnet":%q}]]}},
 {"type":"portmap","capabilities":{"portMappings":true}}]}
`

// writeCNI writes the configuration in one step, as the runtime reads it at any time.
func writeCNI(subnet string) error {
	if err := os.WriteFile(configPath+".tmp", fmt.Appendf(nil, configuration, subnet), 0o644); err != nil {
		return fmt.Errorf("CNI configuration: %w", err)
	}
	if err := os.Rename(configPath+".tmp", configPath); err != nil {
		return fmt.Errorf("CNI configuration: %w", err)
	}
	return nil
}

// masquerade gives what pods send out of the pod network the address of the node.
func masquerade(subnet string) error {
	_, n, err := net.ParseCIDR(subnet)
	if err != nil || n.IP.To4() == nil {
		return fmt.Errorf("POD_SUBNET %q is no IPv4 network", subnet)
	}
	c := &nftables.Conn{}
	t := c.AddTable(&nftables.Table{Family: nftables.TableFamilyIPv4, Name: "labnet"})
	c.FlushTable(t)
	chain := c.AddChain(&nftables.Chain{
		Name: "post", Table: t, Type: nftables.ChainTypeNAT,
		Hooknum: nftables.ChainHookPostrouting, Priority: nftables.ChainPriorityNATSource,
	})
	const source, destination = 12, 16 // where the addresses stand in a header, in bytes
	within := func(offset uint32, op expr.CmpOp) []expr.Any {
		return []expr.Any{
			&expr.Payload{DestRegister: 1, Base: expr.PayloadBaseNetworkHeader, Offset: offset, Len: 4},
			&expr.Bitwise{SourceRegister: 1, DestRegister: 1, Len: 4, Mask: n.Mask, Xor: make([]byte, 4)},
			&expr.Cmp{Op: op, Register: 1, Data: n.IP.To4()},
		}
	}
	rule := append(within(source, expr.CmpOpEq), within(destination, expr.CmpOpNeq)...)
	c.AddRule(&nftables.Rule{Table: t, Chain: chain, Exprs: append(rule, &expr.Masq{})})
	if err := c.Flush(); err != nil {
		return fmt.Errorf("masquerading: %w", err)
	}
	return nil
}
