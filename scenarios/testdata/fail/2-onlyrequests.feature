Feature: requests that others get through too

  Background:
    Given the manifests in "../cluster/callers/"

  Scenario: others can
    Then only "shop/checkout" can GET "http://points.shop/accounts/ann"

  Scenario: the named one cannot
    Then only "shop/checkout" and "shop/web" can POST "http://points.shop/accounts/ann/points"

  Scenario: somebody can
    Then nothing can POST "http://points.shop/accounts/ann/points"

  Scenario: outside can
    Then nothing outside the cluster can GET "http://web.shop/public"

  Scenario: outside the namespace can
    Then nothing outside namespace "shop" can GET "http://web.shop/public"
