package source

// Args returns the flags as arguments of a command that reads the same.
func (f *Flags) Args() []string {
	var out []string
	add := func(flag string, values ...string) {
		for _, v := range values {
			if v != "" {
				out = append(out, flag, v)
			}
		}
	}
	add("--context", f.Context)
	add("--kubeconfig", f.Kubeconfig)
	add("-f", f.Files...)
	add("--values", f.Values...)
	add("--set", f.Set...)
	add("--remote-cluster", f.Remote...)
	add("--pod-cidr", f.PodCIDRs...)
	add("--network", f.Network)
	add("--mesh", f.Mesh)
	add("--gateway-pods", f.GatewayPods...)
	if f.Lenient {
		out = append(out, "--lenient")
	}
	return out
}

// Titles returns the sources in words, for a snapshot to remember.
func (f *Flags) Titles() []string {
	var out []string
	if f.live() {
		out = append(out, "cluster "+f.Context)
	}
	out = append(out, f.Files...)
	return append(out, f.Remote...)
}
