Feature: The policies mean the same on every network

  Background:
    Given the manifests in "manifests/"
    And pods have addresses in "10.244.0.0/16"

  Scenario: moving to another implementation changes nothing in the shop
    Then "calico" and "cilium" agree on namespace "shop" reaching namespace "shop" on ports "TCP; UDP"
    And "calico" and "cilium" agree on "shop/checkout" to namespace "payments" on ports "TCP; UDP"

  Scenario: the node exporter is where they part
    Then "calico" and "cilium" differ on "monitoring/prometheus" reaching node "node-a" on TCP 9100

  Scenario: what the text of the APIs leaves open
    Then it is undetermined whether "monitoring/node-exporter" can reach "shop/frontend" on TCP 8080
