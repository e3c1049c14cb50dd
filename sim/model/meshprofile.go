package model

// MeshProfile is one mesh's behaviour, as data with evidence, as [Profile] is a
// network's.
type MeshProfile struct {
	Name    string // as given to --mesh
	Title   string
	Version string

	StreamAllow  Choice[RequestOnStream] // M3, M4: a rule that allows and asks for what requests have, on a plain connection
	StreamDeny   Choice[RequestOnStream] // M5, M6, M7: the same for a rule that denies
	RootSelector Choice[bool]            // M9: whether mutual TLS of the root namespace with a selector counts
	TargetRefs   Choice[bool]            // M15: whether policies with targetRefs count at workloads
	DryRun       Choice[bool]            // M16: whether a policy in dry-run counts
	UnknownHosts Choice[bool]            // M23: whether outboundTrafficPolicy counts
	// Facts are the statements that the evaluation of proxies rests on and that no
	// setting changes.
	Facts []Statement
}

// RequestOnStream says what becomes of a rule that asks for what requests have,
// where the proxy sees a plain connection.
type RequestOnStream uint8

// What becomes of it.
const (
	RuleDropped  RequestOnStream = iota // the whole rule has no effect
	FieldDropped                        // what it asks of requests is left out, and the rest matches more
)
