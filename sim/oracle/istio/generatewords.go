package istio

// vocabulary are the patterns of policies: those that match what the clients are
// and send, those that just do not, and those that are no good.
type vocabulary struct {
	principals, requestPrincipals, namespaces, serviceAccounts, trustDomains, ipBlocks, ports, methods, hosts, paths []string
	// bad are values that the webhook, or Envoy, refuses, by field.
	bad map[string][]string
}

func words() vocabulary {
	return vocabulary{
		principals: []string{"cluster.local/ns/t/sa/c", "new.td/ns/t/sa/c", "old.td/ns/t/sa/c", "td.local/ns/dev/sa/d", "*/ns/t/sa/c", "*/ns/dev/sa/d",
			"*", "cluster.local/ns/t/*", "*/sa/c", "*c", "cluster*", "*.td/ns/t/sa/c", "*.local/ns/dev/sa/d", "new*/ns/t/sa/c", "t/sa/c", "clu*al/ns/t/sa/c",
			"spiffe://cluster.local/ns/t/sa/c", "**", "*a/c*", "cluster.local/ns/t/sa/C", "*ocal/ns/t/sa/c"},
		requestPrincipals: []string{"*", "acme/one", "acme/*", "*/one", "acme*", "*ne", "https://id.example/x/two", "https://id.example/x/*", "*x/two", "acme/o*",
			"*/*", "acme/", "/one", "acme", "*e/on*", "https://id.example/*"},
		namespaces:      []string{"t", "dev", "d*", "*v", "*", "d*v", "plain", "T", "te.", "**", "t*", "?"},
		serviceAccounts: []string{"c", "t/c", "dev/d", "d", "t/cc", "dev/c", "T/c"},
		trustDomains:    []string{"cluster.local", "new.td", "old.td", "*", "*.local", "cluster*", "*td", "new*", "cluster"},
		ipBlocks: []string{"10.0.0.13", "10.0.0.0/24", "10.0.0.0/8", "10.0.1.14", "10.0.1.0/30", "203.0.113.0/24", "198.51.100.7", "198.51.100.0/25", "0.0.0.0/0",
			"::/0", "fd00::/8", "10.0.0.1/8", "10.0.0.10", "10.0.1.12/31"},
		ports:   []string{"8080", "8080", "9000", "7000", "6000", "80", "0", "65535", "080"},
		methods: []string{"GET", "GET", "POST", "get", "G*", "*T", "*", "DELETE", "PO*", "OPTIONS", "*E*"},
		hosts:   []string{"s.t", "S.T", "*.t", "s.*", "*", "s.t.svc.cluster.local", "*.cluster.local", "s.t:80", "s.t:*", "*:7000", "10.0.0.10", "s*t", "s", "*.T.svc.cluster.local", "shop.example", "s.dev*"},
		paths: []string{"/", "/a", "/a/*", "/a*", "*/b", "*", "/A", "/a/{*}", "/a/{**}", "/{*}/b", "/{**}/b", "/{*}/{*}", "/a/{*}/c/{**}", "/{**}", "/{*}", "/a/{*}/",
			"/a/b", "a", "*a*", "/a/b?y=1", "/a//b", "/a b", "/a%2Fb", "/{*}/b=c", "/*/b", "/a/**", "/{**}/", "/a/{**}/b"},
		bad: map[string][]string{
			"serviceAccounts": {"t/", "/c", "t/c/x", "c*"}, "trustDomains": {"cl*al", "*l*", "new.td/ns", "*/"}, "ipBlocks": {"10.0.0", "10.0.0.0/33"},
			"remoteIpBlocks": {"10.0.0.0/33"}, "ports": {"65536", "+80"}, "paths": {"/{a}", "/{**}/{*}", "/{*}/x*", "/a{*}", "/{*}//b", "{*}", "{*}", "{*}"},
		},
	}
}
