Feature: What the platform promises every team

  Background:
    Given the manifests in "manifests/"
    And the network is "calico"
    And pods have addresses in "10.244.0.0/16"

  Scenario: names can be looked up everywhere
    Then namespaces labelled "team" can reach service "kube-system/kube-dns" on UDP 53

  Scenario: nobody gets the node's credentials
    Then namespaces labelled "team notin (platform)" cannot reach "169.254.169.254"
    # No policy selects a pod on the network of its node.
    But "monitoring/node-exporter" can reach "169.254.169.254" on TCP 80

  Scenario: Prometheus scrapes whatever the teams write
    Then "monitoring/prometheus" can reach pods labelled "app in (frontend, catalog, cart, checkout)" on TCP 9090
    And "monitoring/prometheus" can reach "payments/payments" on TCP 9090
    And because of "ClusterNetworkPolicy prometheus-scrapes"
    And "monitoring/prometheus" can reach node "node-a" on TCP 9100

  Scenario: a namespace without policies is behind the baseline
    Then namespace "shop" cannot reach "dev/shell"
    And "dev/shell" cannot reach namespaces labelled "team in (edge, shop, payments, data)"
