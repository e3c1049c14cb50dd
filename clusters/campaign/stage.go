package campaign

import (
	"fmt"
	"math/rand/v2"

	"github.com/netfate/netfate/sim"
	"github.com/netfate/netfate/sim/collect"
	"github.com/netfate/netfate/sim/model"
)

// StageLabel is on every namespace of a stage. Generated cluster policies choose
// their subjects by it, so that nothing else in the cluster is touched.
const StageLabel = "netfate.dev/stage"

// object is an object as the API server has it.
type object = map[string]any

// The ports that pods of a stage serve, and one that no pod names.
const (
	portWeb, portAPI, portPlain, portDNS = 8080, 9090, 7070, 5353
)

// Ports returns what every pod of a stage serves.
func Ports() (tcp, udp []uint16) {
	return []uint16{portWeb, portAPI, portPlain}, []uint16{portDNS}
}

// Stage returns the namespaces, pods and Services of a seed: two namespaces of
// one team and one of another, pods whose labels overlap, and a port name that
// means different numbers on pods with equal labels.
func Stage(seed uint64, prefix string) ([]*model.Object, error) {
	r := rand.New(rand.NewPCG(seed, 0x57a6e))
	var list []object
	for i, ns := range []struct{ team, env string }{{"red", "prod"}, {"red", "dev"}, {"blue", "prod"}} {
		name := fmt.Sprintf("%s-%c", prefix, 'a'+i)
		list = append(list, object{"apiVersion": "v1", "kind": "Namespace", "metadata": object{"name": name,
			"labels": object{StageLabel: prefix, "team": ns.team, "env": ns.env, model.NameLabel: name}}})
		for j := range 4 {
			list = append(list, pod(r, name, j))
		}
		list = append(list, service(name, "web"), service(name, "api"))
	}
	return Objects(list)
}

// pod makes the pod of a number: the first is web, the second api, the others either.
func pod(r *rand.Rand, ns string, j int) object {
	app := []string{"web", "api"}[r.IntN(2)]
	if j < 2 {
		app = []string{"web", "api"}[j]
	}
	labels := object{"app": app}
	if r.IntN(2) == 0 {
		labels["tier"] = []string{"front", "back"}[r.IntN(2)]
	}
	number := []int{portWeb, portAPI}[r.IntN(2)]
	ports := []any{object{"name": "web", "containerPort": number, "protocol": "TCP"}}
	if r.IntN(2) == 0 {
		ports = append(ports, object{"name": "dns", "containerPort": portDNS, "protocol": "UDP"})
	}
	return object{"apiVersion": "v1", "kind": "Pod", "metadata": object{"name": fmt.Sprintf("p%d", j), "namespace": ns, "labels": labels},
		"spec": object{"containers": []any{object{"name": "main", "image": "netfate-probe", "ports": ports}}}}
}

func service(ns, app string) object {
	return object{"apiVersion": "v1", "kind": "Service", "metadata": object{"name": app, "namespace": ns},
		"spec": object{"selector": object{"app": app}, "ports": []any{
			object{"name": "plain", "port": 80, "targetPort": portPlain, "protocol": "TCP"},
			object{"name": "web", "port": 81, "targetPort": "web", "protocol": "TCP"}}}}
}

// Objects turns objects into those of a snapshot. The error names the one that
// netfate does not read or cannot.
func Objects(list []object) ([]*model.Object, error) {
	kinds := sim.Kinds()
	var out []*model.Object
	for _, o := range list {
		obj, err := collect.FromObject(o, "", kinds)
		if err != nil {
			return nil, err
		}
		if obj == nil {
			return nil, fmt.Errorf("%v: netfate does not read this kind", o["kind"])
		}
		out = append(out, obj)
	}
	return out, nil
}
