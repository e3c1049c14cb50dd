Feature: by way of a node

  Background:
    Given the manifests in "../cluster/exposed/"
    And the network is "calico"

  Scenario: the receiver may see the node's address
    Then CIDR "203.0.113.0/24" cannot reach "web/app" on UDP
    And nothing outside the cluster can reach "web/app" on TCP 80
