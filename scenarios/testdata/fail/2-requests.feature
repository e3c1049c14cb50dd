Feature: requests that are not as specified

  Background:
    Given the manifests in "../cluster/mesh/"

  Scenario: can
    Then "dev/d" can POST "http://s.t/charge"

  Scenario: cannot
    Then "t/c" cannot POST "http://s.t/charge"

  Scenario: answered
    Then POST "http://s.t/charge" from "dev/d" is answered 404

  Scenario: routed
    Then GET "http://s.t/split" from "t/c" is routed to "t/s"

  Scenario: a token
    Then "t/c" can GET "http://s.t/admin" with token claims "iss=https://issuer.example; sub=bob; groups=dev"

  Scenario: as another
    Then "t/c" can POST "http://s.t/charge" as principal "cluster.local/ns/dev/sa/d"
