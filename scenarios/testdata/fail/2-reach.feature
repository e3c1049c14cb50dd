Feature: what does not hold in the shop

  Background:
    Given the manifests in "../cluster/shop/"
    And the network is "calico"
    And pods have addresses in "10.244.0.0/16"

  Scenario: another peer
    Then "shop/frontend" can reach "shop/payments" on TCP 8080

  Scenario: another port
    Then "shop/checkout" can reach "shop/payments" on TCP 9090

  Scenario: some of several
    Then pods labelled "tier=a" can reach "shop/payments" on TCP 8080

  Scenario: it can
    Then "shop/checkout" cannot reach "shop/payments"

  Scenario: by way of a Service
    Then "shop/frontend" can reach service "shop/payments" on TCP 80

  Scenario: no such port
    Then "shop/checkout" can reach service "shop/payments" on TCP 81

  Scenario: ping
    Then "dev/shell" can ping "shop/payments"

  Scenario: it can ping
    Then "shop/checkout" cannot ping "dev/shell"

  Scenario: the internet in part
    Then the internet can reach "shop/frontend" on TCP 80

  Scenario: another reason
    Then "shop/frontend" cannot reach "shop/payments"
    And because of "NetworkPolicy shop/nonesuch"

  Scenario: not undetermined
    Then it is undetermined whether "shop/checkout" can reach "shop/payments"
    And "shop/checkout" can reach "shop/payments"

  Scenario: a name that is wrong
    Then "shop/chekout" can reach "shop/payments"

  Scenario: a namespace without the word
    Then "shop" can reach "shop/payments"

  Scenario: a selector of nothing
    Then pods labelled "app=nonesuch" cannot reach "shop/payments"

  Scenario: a port that is none
    Then "shop/checkout" can reach "shop/payments" on TCP 99999
