// Package scenarios runs specifications of a cluster's traffic written in
// Gherkin, for people who own an application and not for people who write Go.
//
//	Given the manifests in "shop/"
//	And the network is "calico"
//	Then "shop/checkout" can reach "shop/payments" on TCP 8080
//	And only "shop/checkout" can reach "shop/payments"
//
// The vocabulary is closed and small; [Catalogue] lists it with an explanation
// and examples. A subject of several endpoints is universal: "can" means each
// of them can and "cannot" means none can; anything between is a failure with a
// witness of each kind. Statements about all pods, all addresses and all ports
// are proven over the classes of the engine, not sampled.
//
// [Run] loads each set of manifests once, however many scenarios use it, and
// writes what it found; a failure says what the step said, what each name
// stands for, what decides, the rule that is nearest to changing the answer and
// the command that shows the same.
//
// godog is used here and nowhere else.
package scenarios
