@fails-on-purpose
Feature: Refunds are paid out

  Background:
    Given the manifests in "manifests/"
    And the manifests in "refunds/"
    And the network is "calico"
    And pods have addresses in "10.244.0.0/16"

  Scenario: refunds asks for the payment back
    Then "shop/refunds" can reach service "payments/payments" on TCP 80
