Feature: what the platform grants a pod's own node and a pod does not count

  Background:
    Given the manifests in "../cluster/granted/"
    And the network is "calico"

  Scenario: a node and the pod itself
    Then node "n1" can GET "http://db.app/"
    And node "n2" cannot GET "http://db.app/"
    And only "app/api" can GET "http://db.app/"
