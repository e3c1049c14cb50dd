Feature: bounds that do not hold

  Background:
    Given the manifests in "../cluster/net/"
    And the network is "calico"

  Scenario: only
    Then only node "n2" and CIDR "203.0.113.0/24" can reach "web/api"

  Scenario: only one that cannot
    Then only "ops/probe", node "n2", "web/www" and CIDR "203.0.113.0/24" can reach "web/api"

  Scenario: can reach only
    Then "web/api" can reach only "web/www"

  Scenario: nothing
    Then nothing can reach "web/www"

  Scenario: nothing outside the cluster
    Then nothing outside the cluster can reach namespace "web" on TCP 8080

  Scenario: nothing outside the namespace
    Then nothing outside namespace "ops" can reach "ops/probe" on TCP 9000

  Scenario: the truth table
    Then connections on TCP 8080 are:
      | from \ to    | web/www | web/api |
      | www          | -       | no      |
      | node n1      | yes     | no      |
      | the internet | no      | no      |

  Scenario: networks agree
    Then "cilium" and "calico" agree on every connection

  Scenario: networks agree on a pair
    Then "cilium" and "calico" agree on "web/www" to "ops/probe" on TCP 9000

  Scenario: networks differ
    Then "cilium" and "calico" differ on "web/www" reaching "web/api" on TCP 8080
