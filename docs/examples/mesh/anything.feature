Feature: What may be sent to payments

  Background:
    Given the manifests in "."

  Scenario: the cart alone charges
    Then only "shop/cart" can POST anything to "shop/payments"
    And nothing can DELETE anything on "shop/payments"
    And nothing outside the cluster can send any request to service "shop/payments"

  Scenario: others read the status
    Then nothing can GET anything on "shop/payments"
