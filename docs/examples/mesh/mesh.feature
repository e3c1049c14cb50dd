Feature: Payments are charged by the cart alone

  Background:
    Given the manifests in "."

  Scenario: the cart pays
    Then "shop/cart" can POST "http://payments.shop/charge"
    And "shop/cart" cannot GET "http://payments.shop/charge"
    And GET "http://payments.shop/refunds/7" from "shop/cart" is answered 403
    And "shop/cart" cannot POST "http://payments.shop/charge" as principal "cluster.local/ns/shop/sa/other"
    And only "shop/cart" can POST "http://payments.shop/charge"

  Scenario: plaintext is refused
    Then GET "http://payments.shop/status" from "legacy/job" is answered reset
    And nothing outside the cluster can POST "http://payments.shop/charge"
