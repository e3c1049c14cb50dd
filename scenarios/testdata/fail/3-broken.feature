Feature: a manifest that cannot be read

  Scenario: what it may say is open
    Given the manifests in "../cluster/broken/"
    And the network is "calico"
    Then "shop/checkout" can reach "shop/payments" on TCP 8080

  Scenario: only
    Given the manifests in "../cluster/broken/"
    And the network is "calico"
    Then only "shop/checkout" can reach "shop/payments"
