package profile

import "github.com/netfate/netfate/sim/model"

// istioSidecar is Istio with a sidecar beside each workload.
func istioSidecar() *model.MeshProfile {
	const s, i = model.Source, model.Inferred
	return &model.MeshProfile{
		Name:    "istio-sidecar",
		Title:   "Istio on sidecars",
		Version: "1.31",

		StreamAllow: say(model.RuleDropped, "M3", s,
			"an ALLOW rule with any field of requests is dropped whole on plain connections, also where another of its operations is of layer 4 (M4)"),
		StreamDeny: say(model.FieldDropped, "M5", s,
			"fields of requests are left out of a DENY rule on plain connections, and the rest denies more"),
		RootSelector:        say(false, "M9", s, "a PeerAuthentication with a selector in the root namespace is ignored"),
		TargetRefs:          say(false, "M15", s, "policies with targetRefs are for gateways and waypoints"),
		DryRun:              say(false, "M16", s, "policies with istio.io/dry-run go to shadow rules: a workload with no other ALLOW policy has none"),
		UnknownHosts:        say(true, "M23", s, "sidecars pass traffic to unknown hosts on (ALLOW_ANY) or stop it (REGISTRY_ONLY)"),
		EmptyAllow:          say(true, "P1", s, "an ALLOW policy without rules allows nothing"),
		Custom:              say(true, "P2", s, "policies with the action CUSTOM ask their provider"),
		Templates:           say(model.TemplateMatched, "P3", s, "path templates match segments"),
		Tokens:              say(true, "P4", s, "tokens are validated where a RequestAuthentication asks for them"),
		Forwarded:           say(true, "P5", s, "remote.ip is what forwarding headers say"),
		Aliases:             say(true, "P6", s, "aliases of the mesh's trust domain stand for each other in principals"),
		Normalized:          say(true, "P7", s, "paths are normalized before policies see them"),
		AutoTLS:             say(true, "P8", s, "sidecars speak mutual TLS to each other unless a DestinationRule says otherwise"),
		OwnTLS:              say(true, "P9", s, "a DestinationRule's modes SIMPLE and MUTUAL are TLS that is not the mesh's"),
		Permissive:          say(model.MTLSPermissive, "P10", s, "PERMISSIVE serves both plaintext and mutual TLS"),
		PermissiveAnnounced: say(model.MTLSPermissive, "P11", s, "the label security.istio.io/tlsMode says what the sidecar serves and does not change it"),
		Facts: []model.Statement{
			{Row: "M4", Confidence: s, Text: "an error in any operation of an ALLOW rule drops the rule for plain connections"},
			{Row: "M6", Confidence: s, Text: "ports and methods in one DENY rule: on plain connections to those ports everything is denied"},
			{Row: "M7", Confidence: s, Text: "a namespace and a method in one DENY rule: on plain connections everything from that namespace is denied"},
			{Row: "M8", Confidence: s, Text: "the mode of a port of a workload counts also under a stricter mode of its namespace"},
			{Row: "M13", Confidence: s, Text: "a client in plaintext has no identity: what asks for one does not hold, what excludes one does"},
			{Row: "M17", Confidence: s, Text: "a workload without ALLOW policies lets in what no DENY policy denies"},
			{Row: "M22", Confidence: s, Text: "DENY policies come before ALLOW policies"},
			{Row: "M25", Confidence: s, Text: "a request without token passes without an identity, one with a token that is not valid is answered 401"},
			{Row: "M26", Confidence: s, Text: "source.ip is the address of the other end of the connection, remote.ip that of forwarding headers"},
			{Row: "M27", Confidence: i, Text: "traffic past the client's proxy arrives in plaintext, and a server that is STRICT refuses it"},
		},
	}
}
