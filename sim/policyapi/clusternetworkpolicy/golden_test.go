package clusternetworkpolicy_test

import (
	"flag"
	"reflect"
	"testing"

	npav1alpha2 "sigs.k8s.io/network-policy-api/apis/v1alpha2"

	"github.com/netfate/netfate/sim/policyapi/clusternetworkpolicy"
	"github.com/netfate/netfate/sim/policyapi/policytest"
)

var update = flag.Bool("update", false, "write the golden files anew")

func TestGolden(t *testing.T) {
	policytest.Golden(t, clusternetworkpolicy.Translator{}, "testdata", *update)
}

func TestFieldsAreThoseOfTheType(t *testing.T) {
	policytest.Fields(t, clusternetworkpolicy.Translator{}.Fields(), "ClusterNetworkPolicy", reflect.TypeFor[npav1alpha2.ClusterNetworkPolicy]())
}
