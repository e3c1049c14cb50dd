Feature: all requests of a kind

  Background:
    Given the manifests in "../cluster/callers/"

  Scenario: one caller
    Then only "shop/checkout" can POST anything to "shop/points"
    And only "shop/checkout" can POST anything to service "shop/points"
    And only "shop/checkout" can POST anything to "shop/points" under "/accounts"
    And only "shop/checkout", "shop/web" and "shop/points" can send any request to "shop/points"
    And only "shop/checkout" and "shop/web" can send any request to "shop/points"
    And nothing can DELETE anything on "shop/points"
    And nothing can POST anything to "shop/points" under "/admin"
    And nothing can send any request to "shop/points" under "/admin" on TCP 8080
    And nothing outside the cluster can send any request to "shop/points"
    And nothing outside namespace "shop" can send any request to "shop/points"
    And nothing outside namespace "shop" can GET "http://points.shop/accounts/ann"
    And namespace "legacy" cannot send any request to "shop/points"
    And nothing can send any request to "shop/web" under "/admin"

  Scenario: through a gateway
    Given the manifests in "../cluster/edge/"
    Then nothing outside the cluster can send any request to "shop/points"
    And nothing outside the cluster can send any request to "shop/web" under "/admin"

  Scenario: through a gateway that rewrites
    Given the manifests in "../cluster/anything/"
    Then nothing outside the cluster can POST anything to "store/front"
    And nothing outside the cluster can GET anything on "store/front" under "/shop"
    And only namespace "edge" can POST anything to "store/front"
    And nothing outside namespace "edge" can PUT anything to "store/plain" on TCP 80
