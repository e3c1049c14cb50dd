package main

import (
	"cmp"
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// The files of the certificates, in the pod's directory.
const (
	keyFile   = "key.pem"
	chainFile = "cert-chain.pem"
	rootFile  = "root-cert.pem"
)

// pod is what a workload knows of itself and of its mesh.
type pod struct {
	name, namespace, account, ip string
	labels                       map[string]string
	trustDomain                  string
	xds, ca                      string // addresses of istiod with port
	dir                          string // for the certificates
	tokenFile, caFile            string
	bootstrapFile                string
}

// podFromEnv reads what the pod's manifest sets from the downward API; the rest has the names that istiod's own
// templates use.
func podFromEnv() pod {
	istiod := cmp.Or(os.Getenv("ISTIOD"), "istiod.istio-system.svc")
	file := os.Getenv("GRPC_XDS_BOOTSTRAP")
	p := pod{
		name: os.Getenv("POD_NAME"), namespace: os.Getenv("POD_NAMESPACE"), ip: os.Getenv("POD_IP"),
		account: cmp.Or(os.Getenv("SERVICE_ACCOUNT"), "default"), trustDomain: "cluster.local",
		xds: istiod + ":15010", ca: istiod + ":15012",
		dir: filepath.Dir(file), bootstrapFile: file,
		tokenFile: "/var/run/secrets/tokens/istio-token", caFile: "/var/run/secrets/istio/root-cert.pem",
	}
	if text, err := os.ReadFile("/etc/istio/pod/labels"); err == nil {
		p.labels = downward(string(text))
	}
	return p
}

// downward reads a file of labels as the downward API writes it: a line key="value" each.
func downward(text string) map[string]string {
	out := map[string]string{}
	for line := range strings.Lines(text) {
		key, value, ok := strings.Cut(strings.TrimSpace(line), "=")
		if v, err := strconv.Unquote(value); ok && err == nil {
			out[key] = v
		}
	}
	return out
}

// bootstrap is the configuration of the xDS client: what Istio's agent writes (pkg/istio-agent/grpcxds), but for
// the server, which is istiod itself. The name of a server's listener and the name "default" of the certificates
// are istiod's.
func (p *pod) bootstrap() ([]byte, error) {
	type object = map[string]any
	return json.MarshalIndent(object{
		"xds_servers": []object{{
			"server_uri":      p.xds,
			"channel_creds":   []object{{"type": "insecure"}},
			"server_features": []string{"xds_v3"},
		}},
		"node": object{
			"id": "sidecar~" + p.ip + "~" + p.name + "." + p.namespace + "~" + p.namespace + ".svc.cluster.local",
			"metadata": object{
				"GENERATOR": "grpc", "NAMESPACE": p.namespace, "SERVICE_ACCOUNT": p.account, "LABELS": p.labels,
				"CLUSTER_ID": "Kubernetes", "ISTIO_VERSION": "1.31.0", "INSTANCE_IPS": p.ip, "NAME": p.name, "MESH_ID": p.trustDomain,
			},
		},
		"certificate_providers": object{"default": object{
			"plugin_name": "file_watcher",
			"config": object{
				"certificate_file":    filepath.Join(p.dir, chainFile),
				"private_key_file":    filepath.Join(p.dir, keyFile),
				"ca_certificate_file": filepath.Join(p.dir, rootFile),
				"refresh_interval":    "900s",
			},
		}},
		"server_listener_resource_name_template": "xds.istio.io/grpc/lds/inbound/%s",
	}, "", "  ")
}
