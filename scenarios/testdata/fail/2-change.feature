Feature: changes that are not as said

  Background:
    Given the manifests in "../cluster/shop/"
    And the network is "calico"
    And pods have addresses in "10.244.0.0/16"

  Scenario: opens
    Given the proposed change "../cluster/changes/open.yaml"
    Then the change opens no connections

  Scenario: opens more
    Given the proposed change "../cluster/changes/open.yaml"
    Then the change opens only:
      | from          | to            | on       |
      | shop/frontend | shop/payments | TCP 9090 |

  Scenario: opens less
    Given the proposed change "../cluster/changes/open.yaml"
    Then the change opens exactly:
      | from          | to            | on       |
      | shop/frontend | shop/payments | TCP 8080 |
      | shop/frontend | shop/checkout | TCP 8080 |

  Scenario: closes
    Given the proposed change "../cluster/changes/lockdown.yaml"
    Then the change closes no connections

  Scenario: closes more
    Given the proposed change "../cluster/changes/lockdown.yaml"
    Then the change closes only:
      | from          | to        | on  |
      | shop/frontend | dev/shell | any |

  Scenario: closes less
    Given the change deletes "NetworkPolicy shop/payments"
    Then the change closes exactly:
      | from          | to            | on            |
      | shop/checkout | shop/payments | TCP 8080-8081 |

  Scenario: no change
    Then the change opens no connections
