Feature: who alone gets a request through

  Background:
    Given the manifests in "../cluster/callers/"

  Scenario: one caller
    Then only "shop/checkout" can POST "http://points.shop/accounts/ann/points"
    And nothing can DELETE "http://points.shop/accounts/ann"
    And only "shop/checkout", "shop/web" and "shop/points" can GET "http://points.shop/accounts/ann"

  Scenario: from outside
    Then nothing outside the cluster can POST "http://points.shop/accounts/ann/points"
    And nothing outside the cluster can GET "http://web.shop/admin"
    And the internet can GET "http://web.shop/public"
    And address "203.0.113.7" can GET "http://web.shop/public/x"
    And CIDR "203.0.113.0/24" cannot GET "http://web.shop/admin"
    And only any pod, node "n1", node "n2" and the internet can GET "http://web.shop/public"
    And namespace "legacy" cannot POST "http://points.shop/accounts/ann/points"

  Scenario: through a gateway
    Given the manifests in "../cluster/edge/"
    Then only any pod, node "n1", node "n2" and the internet can GET "http://www.shop.example/public"
    And nothing outside the cluster can GET "http://www.shop.example/admin"
    And nothing outside the cluster can GET "http://points.shop/accounts/ann"
    And GET "http://www.shop.example/public" from the internet is routed to "shop/web"
    And GET "http://www.shop.example/admin" from address "203.0.113.7" is answered 403
