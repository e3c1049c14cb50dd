// Package live puts together what a live run needs: it brings a cluster up with its
// network, mesh and gateways ([Up]), remembers in the cluster itself what it is
// ([State]), and observes traffic in it.
package live
