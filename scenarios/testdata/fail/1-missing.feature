Feature: what is not there

  Scenario: a path
    Given the manifests in "nonesuch/"
    Then "shop/checkout" can reach "shop/payments"

  Scenario: a network
    Given the manifests in "../cluster/shop/"
    And the network is "calcio"
    Then "shop/checkout" can reach "shop/payments"

  Scenario: no manifests
    Then "shop/checkout" can reach "shop/payments"

  Scenario: a change
    Given the manifests in "../cluster/shop/"
    And the change deletes "NetworkPolicy shop/nonesuch"
    Then "shop/checkout" can reach "shop/payments"
