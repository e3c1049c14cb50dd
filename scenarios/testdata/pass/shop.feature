Feature: the shop

  Background:
    Given the manifests in "../cluster/shop/"
    And the network is "calico"
    And pods have addresses in "10.244.0.0/16"

  Scenario: checkout pays
    Then "shop/checkout" can reach "shop/payments" on TCP 8080
    And "shop/checkout" can reach "shop/payments"
    And "shop/checkout" can reach service "shop/payments" on TCP 80
    And "shop/checkout" can reach service "shop/payments"
    And "shop/frontend" cannot reach "shop/payments"
    And because of "NetworkPolicy shop/default-deny"
    And "shop/frontend" cannot reach service "shop/payments"
    And namespace "dev" cannot reach namespaces labelled "env=prod" on any port
    And pods labelled "tier in (a, b)" in namespace "shop" cannot reach "shop/checkout"
    And pods labelled "app=shell" cannot ping pods labelled "app, app notin (shell)"

  Scenario: nobody else does
    Then only "shop/checkout" can reach "shop/payments"
    And only "shop/checkout" can reach "shop/payments" on TCP 8080
    And nothing outside namespace "shop" can reach "shop/payments"
    And nothing outside the cluster can reach "shop/payments"
    And nothing can reach "shop/checkout"

  Scenario: the truth table
    Then connections on TCP 8080 are:
      | from \ to | payments | checkout |
      | checkout  | yes      | no       |
      | frontend  | no       | no       |
    And connections on TCP 80 in namespace "shop" are:
      | from \ to    | frontend | payments |
      | dev/shell    | no       | no       |
      | 203.0.113.9  | yes      | no       |

  Scenario Outline: <port> is closed
    Then "shop/checkout" cannot reach "shop/payments" on <port>

    Examples:
      | port                           |
      | TCP 8081                       |
      | UDP                            |
      | ports "TCP 80,443-445; UDP 53" |

  Scenario: the networks
    Then "calico" and "cilium" agree on every connection on ports "TCP; UDP"
    And "calico" and "cilium" agree on "shop/checkout" reaching "shop/payments" on TCP 8080
