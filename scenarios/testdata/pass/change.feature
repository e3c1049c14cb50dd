Feature: proposed changes

  Background:
    Given the manifests in "../cluster/shop/"
    And the network is "calico"
    And pods have addresses in "10.244.0.0/16"

  Scenario: opening
    Given the proposed change "../cluster/changes/open.yaml"
    Then the change closes no connections
    And the change opens only:
      | from          | to            | on  |
      | shop/frontend | shop/payments | any |
    And the change opens exactly:
      | from          | to            | on       |
      | shop/frontend | shop/payments | TCP 8080 |
    And because of "NetworkPolicy shop/payments-frontend"
    And "shop/frontend" can reach "shop/payments" on TCP 8080

  Scenario: closing
    Given the proposed change "../cluster/changes/lockdown.yaml"
    Then the change opens no connections
    And the change closes only:
      | from          | to           | on  |
      | shop/frontend | the internet | any |
      | shop/frontend | dev/shell    | any |

  Scenario: deleting
    Given the change deletes "NetworkPolicy shop/payments"
    Then the change closes exactly:
      | from          | to            | on       |
      | shop/checkout | shop/payments | TCP 8080 |
