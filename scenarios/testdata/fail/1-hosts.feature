Feature: hosts that mean nothing

  Background:
    Given the manifests in "../cluster/callers/"

  Scenario: not a host of the cluster
    Then nothing outside the cluster can GET "http://point.shop/public"
