package main

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/florianl/go-nfqueue/v2"
	"github.com/mdlayher/netlink"
)

// The queue: its number, what is copied of each packet (the longest headers of IPv4
// and TCP have 120 bytes together), and how many packets wait before the kernel
// drops more.
const (
	queueNumber = 89
	copiedBytes = 160
	queueLength = 4096
)

// serve opens the queue and answers with the judge's verdicts until ctx ends. An
// error while reading ends it: the channel then has the error.
func serve(ctx context.Context, j *judge) (<-chan error, error) {
	q, err := nfqueue.Open(&nfqueue.Config{
		NfQueue: queueNumber, MaxPacketLen: copiedBytes, MaxQueueLen: queueLength,
		Copymode: nfqueue.NfQnlCopyPacket, Flags: nfqueue.NfQaCfgFlagGSO, WriteTimeout: 100 * time.Millisecond,
	})
	if err != nil {
		return nil, fmt.Errorf("opening netfilter queue %d: %w", queueNumber, err)
	}
	// A burst that overflows the socket loses packets, which their senders repeat, and not the queue.
	if err := q.SetOption(netlink.NoENOBUFS, true); err != nil {
		return nil, fmt.Errorf("netfilter queue %d: %w", queueNumber, err)
	}
	failed := make(chan error, 1)
	answer := func(a nfqueue.Attribute) int {
		if err := q.SetVerdict(*a.PacketID, verdict(ctx, j, a)); err != nil {
			slog.Error("a verdict was not taken, the packet stays in the queue", "error", err)
		}
		return 0
	}
	onError := func(err error) int {
		if ctx.Err() == nil {
			failed <- fmt.Errorf("reading netfilter queue %d: %w", queueNumber, err)
		}
		return 1
	}
	if err := q.RegisterWithErrorFunc(ctx, answer, onError); err != nil {
		return nil, fmt.Errorf("serving netfilter queue %d: %w", queueNumber, err)
	}
	context.AfterFunc(ctx, func() { _ = q.Close() }) // the process ends with it
	return failed, nil
}

// verdict judges one queued packet and counts it.
func verdict(ctx context.Context, j *judge, a nfqueue.Attribute) int {
	if a.Payload == nil {
		j.count.denied.Add(1)
		return nfqueue.NfDrop
	}
	p, err := parse(*a.Payload)
	if err != nil {
		slog.Error("dropped", "error", err)
	}
	if err != nil || !j.allows(ctx, p) {
		j.count.denied.Add(1)
		return nfqueue.NfDrop
	}
	j.count.allowed.Add(1)
	return nfqueue.NfAccept
}
