Feature: The shop is reached from outside by its gateway alone

  Background:
    Given the manifests in "."

  Scenario: what the gateway serves
    Then the internet can GET "http://www.shop.example/"
    And GET "http://www.shop.example/" from the internet is routed to "shop/web"
    And POST "http://www.shop.example/cart" from the internet is answered 403
    And GET "http://www.shop.example/search" from the internet is answered 500
    And GET "http://other.shop.example/" from the internet is answered 404

  Scenario: payments are not reached through it
    Then the internet cannot GET "http://www.shop.example/pay"
    And the internet cannot reach "shop/payments" on TCP 8080
