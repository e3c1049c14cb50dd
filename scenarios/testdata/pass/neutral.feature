Feature: What holds by the text of the APIs alone

  # NetworkPolicy leaves protocols without ports undefined (N36); a statement
  # that names no port does not stumble over that.
  Scenario: only one may, and nothing more than that is claimed
    Given the manifests in "../cluster/shop/"
    And pods have addresses in "10.244.0.0/16"
    Then only "shop/checkout" can reach "shop/payments"
    And "shop/frontend" cannot reach "shop/payments"
    And it is undetermined whether "shop/frontend" can reach "shop/payments" on ports "ICMP" because "N36"
