Feature: requests of a kind that others get through too

  Background:
    Given the manifests in "../cluster/callers/"

  Scenario: others can
    Then only "shop/checkout" can GET anything on "shop/points"

  Scenario: the named one cannot
    Then only "shop/checkout" and "shop/web" can POST anything to "shop/points"

  Scenario: somebody can
    Then nothing can POST anything to service "shop/points"

  Scenario: outside can, at a Service that is open to it
    Then nothing outside the cluster can PUT anything to service "shop/web"

  Scenario: outside can, through a gateway
    Given the manifests in "../cluster/edge/"
    Then nothing outside the cluster can DELETE anything on "shop/web" under "/public/images"

  Scenario: outside the namespace can
    Then nothing outside namespace "shop" can send any request to "shop/web"

  Scenario: one that is named can
    Then namespace "legacy" cannot HEAD anything on "shop/web"

  Scenario: through a gateway that rewrites, and nothing else
    Given the manifests in "../cluster/anything/"
    Then only namespace "edge" can send any request to "store/front" under "/public"

  Scenario: a proxy that is not there
    Given the manifests in "../cluster/anything/"
    Then nothing can POST anything to "store/plain" on TCP 9090
