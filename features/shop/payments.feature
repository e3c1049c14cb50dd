Feature: Payments are isolated

  Background:
    Given the manifests in "manifests/"
    And the network is "calico"
    And pods have addresses in "10.244.0.0/16"

  Scenario: checkout alone charges
    Then only "shop/checkout" can reach "payments/payments" on TCP 8443

  Scenario: no label opens the way that the admin tier closes
    Then "dev/shell" cannot reach "payments/payments" on TCP 8443
    And because of "ClusterNetworkPolicy payments-are-isolated"

  Scenario: the admin tier only passes the question on
    Then "shop/checkout" can reach "payments/payments" on TCP 8443
    And because of "NetworkPolicy payments/payments"

  Scenario: nothing from outside
    Then nothing outside the cluster can reach namespace "payments"
    And nothing can reach "payments/reconcile"

  Scenario: money leaves by one door
    Then namespace "payments" can reach "198.51.100.7" on TCP 443
    And namespace "payments" cannot reach "198.51.100.200"
    And "payments/reconcile" can reach only CIDR "198.51.100.0/25", "kube-system/coredns"
