Feature: Customers can buy

  Background:
    Given the manifests in "manifests/"
    And the network is "calico"
    And pods have addresses in "10.244.0.0/16"

  Scenario: an order finds its way
    Then address "203.0.113.7" can reach service "edge/gateway" on TCP 80
    And "edge/gateway" can reach service "shop/frontend" on TCP 80
    And "shop/frontend" can reach service "shop/checkout" on TCP 5050
    And "shop/checkout" can reach service "payments/payments" on TCP 80
    And "payments/payments" can reach "198.51.100.7" on TCP 443

  Scenario: a Service is reached on its own port, a pod on the container's
    Then "shop/checkout" can reach service "payments/payments" on TCP 80
    And "shop/checkout" can reach "payments/payments" on TCP 8443
    And "shop/checkout" cannot reach "payments/payments" on TCP 80

  Scenario: who talks to whom in the shop
    Then connections in namespace "shop" are:
      | from \ to    | frontend | catalog | cart | cart-cache | checkout |
      | edge/gateway | yes      | no      | no   | no         | no       |
      | frontend     | -        | yes     | yes  | no         | yes      |
      | catalog      | no       | -       | no   | no         | no       |
      | cart         | no       | no      | -    | yes        | no       |
      | cart-cache   | no       | no      | no   | -          | no       |
      | checkout     | no       | yes     | yes  | no         | -        |

  Scenario: the gateway is the only way in
    Then nothing outside the cluster can reach namespace "shop"
    And only "edge/gateway" can reach "shop/frontend" on TCP 8080

  Scenario: the cart keeps to itself
    Then "shop/cart" can reach only "shop/cart-cache" and "kube-system/coredns"
    And only "shop/cart" can reach "shop/cart-cache"
