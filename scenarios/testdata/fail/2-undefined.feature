Feature: steps that are none

  Background:
    Given the manifests in "../cluster/shop/"

  Scenario: another word
    Then "shop/frontend" should reach "shop/payments"

  Scenario: no quotes
    Then shop/frontend cannot reach shop/payments

  Scenario: layer 7
    Then "shop/frontend" can SEND "http://payments.shop/charge"

  Scenario: a given
    Given the manifest in "shop/"

  Scenario: no table
    Then connections on TCP 80 are:

  Scenario: a table too many
    Then nothing can reach "shop/checkout"
      | a | b |
