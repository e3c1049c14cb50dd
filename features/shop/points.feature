Feature: Points are given by checkout and shown by the frontend

  Background:
    Given the manifests in "manifests/"
    And the network is "calico"
    And pods have addresses in "10.244.0.0/16"

  Scenario: checkout gives points
    Then "shop/checkout" can POST "http://points.shop/accounts/ann/points"
    And "shop/checkout" cannot GET "http://points.shop/accounts/ann"

  Scenario: the frontend shows them
    Then "shop/frontend" can GET "http://points.shop/accounts/ann"
    And POST "http://points.shop/accounts/ann/points" from "shop/frontend" is answered 403
    And because of "AuthorizationPolicy shop/points"

  Scenario: the network stands before the mesh
    Then GET "http://points.shop/accounts/ann" from "dev/shell" is answered timeout
    And "monitoring/prometheus" can reach "shop/points" on TCP 9090

  Scenario: nobody else
    Then only "shop/checkout", "shop/frontend" can reach "shop/points" on TCP 8080
    And nothing outside the cluster can reach "shop/points"
