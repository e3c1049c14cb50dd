Feature: requests of a kind of which it is not known whether they get through

  Background:
    Given the manifests in "../cluster/anything/"

  Scenario: an external authorizer decides
    Then nothing outside namespace "store" can POST anything to "store/checked"

  Scenario: the routes of the clients' proxies keep the request that is shown
    Then nothing can POST anything to "store/routed" under "/admin"

  Scenario: a network that leaves it open
    Given the manifests in "../cluster/net/"
    And the network is "kubernetes"
    Then "web/www" cannot GET anything on "ops/probe" on TCP 9000
