Feature: identities that cannot be shown

  Background:
    Given the manifests in "../cluster/mesh/"

  Scenario: no identity
    Then "t/c" can POST "http://s.t/charge" as principal "shop/cart"

  Scenario: a client without a proxy
    Then "plain/u" can POST "http://s.t/charge" as principal "cluster.local/ns/dev/sa/d"
