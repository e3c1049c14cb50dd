package profile

import "github.com/netfate/netfate/sim/model"

// istioProxyless is Istio at gRPC workloads that speak xDS to istiod themselves.
// Rows P are seen on istiod 1.31 with grpc-go 1.82 (sim/testdata/observed/istio-proxyless-1.31).
func istioProxyless() *model.MeshProfile {
	const o, s = model.Observed, model.Source
	return &model.MeshProfile{
		Name:    "istio-proxyless",
		Title:   "Istio at gRPC workloads without a proxy",
		Version: "1.31",

		StreamAllow: say(model.RuleDropped, "M3", s, "does not arise: a gRPC server takes requests alone"),
		StreamDeny:  say(model.FieldDropped, "M5", s, "does not arise: a gRPC server takes requests alone"),

		RootSelector: say(false, "M9", o, "a PeerAuthentication with a selector in the root namespace is ignored"),
		TargetRefs:   say(false, "M15", o, "policies with targetRefs are for gateways and waypoints"),
		DryRun:       say(true, "M16", o, "policies with istio.io/dry-run are enforced as if they had it not"),
		UnknownHosts: say(false, "M23", s, "outboundTrafficPolicy has no effect: what is not asked of istiod goes past it"),

		EmptyAllow:          say(false, "P1", o, "an ALLOW policy without rules has no effect: istiod leaves it out"),
		Custom:              say(false, "P2", o, "policies with the action CUSTOM have no effect"),
		Templates:           say(model.TemplateRefused, "P3", o, "grpc-go refuses what it gets with a path template in it"),
		Tokens:              say(false, "P4", o, "tokens are not validated, and no rule that asks for one matches"),
		Forwarded:           say(false, "P5", o, "remote.ip is the address of the connection: forwarding headers do not count"),
		Aliases:             say(false, "P6", s, "trust domains of principals are compared as written: aliases do not count"),
		Normalized:          say(false, "P7", s, "paths are compared as the client sent them"),
		AutoTLS:             say(false, "P8", o, "clients speak mutual TLS only where a DestinationRule says ISTIO_MUTUAL"),
		OwnTLS:              say(false, "P9", o, "the modes SIMPLE and MUTUAL of a DestinationRule are ignored: the client speaks plaintext"),
		Permissive:          say(model.MTLSDisable, "P10", o, "PERMISSIVE serves plaintext alone"),
		PermissiveAnnounced: say(model.MTLSStrict, "P11", o, "PERMISSIVE serves mutual TLS alone at a workload with the label security.istio.io/tlsMode=istio"),
		Facts: []model.Statement{
			{Row: "M8", Confidence: o, Text: "the mode of a port of a workload counts, and is by the workload's port"},
			{Row: "M13", Confidence: o, Text: "a client in plaintext has no identity: what asks for one does not hold, what excludes one does"},
			{Row: "M17", Confidence: o, Text: "a workload without ALLOW policies lets in what no DENY policy denies"},
			{Row: "M22", Confidence: o, Text: "DENY policies come before ALLOW policies"},
			{Row: "M26", Confidence: o, Text: "source.ip is the address of the other end of the connection"},
			{Row: "M27", Confidence: o, Text: "what a client sends past xDS is plaintext, and a server that is STRICT refuses it"},
			{Row: "P12", Confidence: o, Text: "the server name of TLS is empty: connection.sni matches no value, and excludes none"},
			{Row: "P13", Confidence: o, Text: "every call is a request with the method POST and its full method as the path, whatever the port is called"},
			{Row: "P14", Confidence: o, Text: "a port that no Service names is not served: istiod does not describe it, and its connections are closed"},
		},
	}
}
