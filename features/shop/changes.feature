Feature: The next release changes what it says and no more

  Background:
    Given the manifests in "manifests/"
    And the network is "calico"
    And pods have addresses in "10.244.0.0/16"

  Scenario: the release, line by line
    Given the proposed change "changes/release.yaml"
    Then the change opens exactly:
      | from               | to              | on       |
      | payments/reconcile | data/postgres   | TCP 5432 |
      | shop/cart          | shop/cart-cache | TCP 6380 |
    And the change closes only:
      | from               | to                   | on       |
      | payments/reconcile | CIDR 198.51.100.0/25 | TCP 443  |
      | shop/cart          | shop/cart-cache      | TCP 6379 |

  Scenario: what holds today holds after it
    Given the proposed change "changes/release.yaml"
    Then only "shop/checkout" can reach "payments/payments" on TCP 8443
    And "payments/reconcile" cannot reach the internet

  Scenario: a debugging policy opens more than was meant
    Given the proposed change "changes/debug.yaml"
    Then the change closes no connections
    And the change opens exactly:
      | from      | to            | on       |
      | dev/shell | shop/cart     | TCP 7070 |
      | dev/shell | shop/catalog  | TCP 7000 |
      | dev/shell | shop/checkout | TCP 5050 |
    And because of "NetworkPolicy shop/debug"

  Scenario: without the policy of payments nobody pays
    Given the change deletes "NetworkPolicy payments/payments"
    Then the change opens no connections
    And "shop/checkout" cannot reach "payments/payments" on TCP 8443

  Scenario: a forgotten method opens requests by a connection that stays
    Given the proposed change "changes/points.yaml"
    Then the change closes no connections
    And the change opens exactly:
      | from          | to          | on       |
      | shop/checkout | shop/points | TCP 8080 |
    And "shop/checkout" can DELETE "http://points.shop/accounts/ann/points"
