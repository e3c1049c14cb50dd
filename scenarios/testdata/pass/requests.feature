Feature: requests through a mesh

  Background:
    Given the manifests in "../cluster/mesh/"

  Scenario: methods, headers and tokens
    Then "t/c" can POST "http://s.t/charge"
    And "dev/d" can GET "http://s.t/" with header "x-env: canary"
    And "dev/d" cannot POST "http://s.t/charge"
    And "t/c" can GET "http://s.t/admin" with token claims "iss=https://issuer.example; sub=ann; groups=admin,dev"
    And "t/c" cannot GET "http://s.t/admin" with token claims "iss=https://issuer.example; sub=bob; groups=dev"

  Scenario: what the client sees
    Then POST "http://s.t/charge" from "dev/d" is answered 403
    And GET "http://s.t/" from "t/c" is answered 200
    And GET "http://s.t/" with token claims "iss=https://other.example; sub=ann" from "t/c" is answered 401

  Scenario: routes
    Then GET "http://s.t/" from "t/c" is routed to "t/s"
    And GET "http://s.t/" with header "x-env: canary" from "t/c" is routed to "t/canary"
    And GET "http://s.t/split" from "t/c" is routed to "t/canary" with 10%

  Scenario: a connection on a port is answered with the mesh
    Then "dev/d" cannot reach service "t/s" on TCP 9000
    And "t/c" can reach service "t/s" on TCP 9000

  Scenario: another identity than the client's own
    Then "dev/d" can POST "http://s.t/charge" as principal "cluster.local/ns/t/sa/c"
    And "t/c" cannot POST "http://s.t/charge" as principal "spiffe://cluster.local/ns/dev/sa/d" with header "x-a: b"
    And POST "http://s.t/charge" as principal "cluster.local/ns/dev/sa/d" from "t/c" is answered 403
    And GET "http://s.t/" as principal "cluster.local/ns/dev/sa/d" with header "x-env: canary" from "t/c" is routed to "t/canary"
