// Command netfate-probe is the agent that netfate puts into clusters (package clusters/probe).
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net/netip"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/netfate/netfate/clusters/probe"
)

const usage = `netfate-probe answers and sends probes of netfate. It is run by netfate.

  netfate-probe serve [--address A,...] [--tcp PORT|FROM-TO,...] [--udp ...] [--sctp ...] [--keep-going]
                      [--for DURATION] [--stop-socket NAME]
      answers probes until it is ended. NETFATE_ID, or POD_NAMESPACE and POD_NAME, and NODE_NAME say who it is.
  netfate-probe session
      reads batches of probes from the standard input and writes their reports, both as JSON lines.
  netfate-probe stop NAME
      ends the agent that serves with --stop-socket NAME in this pod.
  netfate-probe facts
      says what this kernel can be probed with.
`

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:])
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "netfate-probe:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	if len(args) == 0 {
		return errors.New("no command: \"netfate-probe help\" lists them")
	}
	switch args[0] {
	case "serve":
		return serve(ctx, args[1:])
	case "session":
		return probe.Session(ctx, os.Stdin, os.Stdout)
	case "stop":
		if len(args) != 2 {
			return errors.New("stop takes one name")
		}
		return probe.Stop(args[1])
	case "facts":
		fmt.Printf("{\"version\":%d,\"sctp\":%t,\"icmp\":%t}\n", probe.Version, probe.HasSCTP(), probe.HasICMP())
		return nil
	case "help", "-h", "--help":
		fmt.Print(usage)
		return nil
	}
	return fmt.Errorf("unknown command %q: \"netfate-probe help\" lists them", args[0])
}

func serve(ctx context.Context, args []string) error {
	o := probe.ServeOptions{Identity: probe.NewIdentity(os.Getenv)}
	flags := flag.NewFlagSet("serve", flag.ContinueOnError)
	keep := flags.Bool("keep-going", false, "serve the other ports when one cannot be opened")
	lifetime := flags.Duration("for", 0, "end after this time")
	socket := flags.String("stop-socket", "", "name by which \"stop\" ends this")
	flags.Func("address", "local addresses", func(s string) error {
		for _, text := range strings.Split(s, ",") {
			a, err := netip.ParseAddr(text)
			if err != nil {
				return err
			}
			o.Addresses = append(o.Addresses, a)
		}
		return nil
	})
	for name, into := range map[string]*[]uint16{"tcp": &o.TCP, "udp": &o.UDP, "sctp": &o.SCTP} {
		flags.Func(name, "ports to serve "+name+" on", func(s string) error { return ports(s, into) })
	}
	if err := flags.Parse(args); err != nil {
		return err
	}
	if len(flags.Args()) > 0 {
		return fmt.Errorf("serve takes no %q", flags.Arg(0))
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	if *lifetime > 0 {
		defer time.AfterFunc(*lifetime, stop).Stop()
	}
	if *socket != "" {
		if err := probe.StopSocket(*socket, stop); err != nil {
			return err
		}
	}
	return listen(ctx, o, *keep)
}

// listen serves until the context ends.
func listen(ctx context.Context, o probe.ServeOptions, keep bool) error {
	if !keep {
		return probe.Serve(ctx, o)
	}
	s, err := probe.Listen(o)
	if s == nil {
		return err
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "netfate-probe:", err)
	}
	<-ctx.Done()
	return s.Close()
}

// ports reads "80,8080-8085".
func ports(text string, into *[]uint16) error {
	for _, part := range strings.Split(text, ",") {
		if part == "" {
			continue
		}
		from, to, isRange := strings.Cut(part, "-")
		if !isRange {
			to = from
		}
		a, err := strconv.ParseUint(from, 10, 16)
		b, err2 := strconv.ParseUint(to, 10, 16)
		if err = errors.Join(err, err2); err != nil || a == 0 || b < a {
			return fmt.Errorf("%q is neither a port nor a range of ports", part)
		}
		for p := a; p <= b; p++ {
			*into = append(*into, uint16(p))
		}
	}
	return nil
}
