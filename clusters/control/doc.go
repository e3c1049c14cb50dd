// Package control makes agents in pods probe, and judges what they report.
//
//	flows ─► by source ─► one session a source ─► reports ─► vital signs of the destinations ─► records
//	         (Resolver)   (exec over the API       (JSON      (did an agent serve there
//	                       server, kept open)       lines)     before and after?)
//
// Nothing is called denied that was not: a session that cannot be opened, breaks or falls silent is opened
// again, and what it does not answer is inconclusive. So is a flow whose destination's agent did not
// serve that port, inside its own pod where no policy acts, both before and after; one that another agent
// answers than the one that was asked; and one to what no agent serves, unless packets were dropped.
//
// [Judge] joins the records of probes without policies, before and after, with those under policies.
// [Controller.Settle] waits by probing until the policies hold.
package control
