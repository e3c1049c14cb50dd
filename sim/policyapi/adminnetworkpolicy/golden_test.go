package adminnetworkpolicy_test

import (
	"flag"
	"reflect"
	"testing"

	npav1alpha1 "sigs.k8s.io/network-policy-api/apis/v1alpha1"

	"github.com/netfate/netfate/sim/policyapi/adminnetworkpolicy"
	"github.com/netfate/netfate/sim/policyapi/policytest"
)

var update = flag.Bool("update", false, "write the golden files anew")

func TestGolden(t *testing.T) {
	policytest.Golden(t, adminnetworkpolicy.Translator{}, "testdata", *update)
}

func TestFieldsAreThoseOfTheTypes(t *testing.T) {
	rows := adminnetworkpolicy.Translator{}.Fields()
	policytest.Fields(t, rows, "AdminNetworkPolicy", reflect.TypeFor[npav1alpha1.AdminNetworkPolicy]())
	policytest.Fields(t, rows, "BaselineAdminNetworkPolicy", reflect.TypeFor[npav1alpha1.BaselineAdminNetworkPolicy]())
}
