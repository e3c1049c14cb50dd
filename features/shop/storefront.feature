Feature: The gateway shows the storefront and nothing else

  Background:
    Given the manifests in "manifests/"
    And the network is "calico"
    And pods have addresses in "10.244.0.0/16"

  Scenario: customers see the shop
    Then address "203.0.113.7" can GET "http://www.shop.example/offers"
    And GET "http://www.shop.example/offers" from address "203.0.113.7" is routed to "shop/frontend"
    And GET "http://www.shop.example/sale/today" from address "203.0.113.7" is answered 302

  Scenario: other hosts are not served
    Then GET "http://points.shop.example/accounts/ann" from address "203.0.113.7" is answered 404
    And GET "http://shop.example/" from address "203.0.113.7" is answered 404
