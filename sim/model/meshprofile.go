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
	EmptyAllow   Choice[bool]            // P1: whether a policy that allows and has no rules denies the rest
	Custom       Choice[bool]            // P2: whether external authorizers are asked
	Templates    Choice[PathTemplates]   // P3: what becomes of path templates
	Tokens       Choice[bool]            // P4: whether tokens are validated
	Forwarded    Choice[bool]            // P5: whether forwarding headers tell the client's address
	Aliases      Choice[bool]            // P6: whether aliases of the trust domain count
	Normalized   Choice[bool]            // P7: whether paths are normalized before policies see them
	AutoTLS      Choice[bool]            // P8: whether clients speak mutual TLS without being told
	OwnTLS       Choice[bool]            // P9: whether clients speak TLS that is not the mesh's
	// P10, P11: the mode that PERMISSIVE comes to, of workloads that do not and that
	// do announce mutual TLS.
	Permissive, PermissiveAnnounced Choice[MTLSMode]
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

// PathTemplates says what becomes of a policy with a path template.
type PathTemplates uint8

// What becomes of it.
const (
	TemplateMatched PathTemplates = iota // it matches as it says
	TemplateRefused                      // the workload refuses all that it gets with it, and goes on as before
)
