Feature: nodes and addresses

  Background:
    Given the manifests in "../cluster/net/"
    And the network is "calico"

  Scenario: subjects
    Then "web/www" can reach pod "web/api" on TCP 8080
    And "web/api" can ping "web/www"
    And any pod can reach "web/www" on TCP 80
    And node "n1" can reach "web/www" on any port
    And host process on node "n1" cannot reach "web/api"
    And address "203.0.113.7" can reach "web/api" on TCP 8080
    And CIDR "203.0.113.0/24" can reach "web/api" on TCP 8080
    And CIDR "198.51.100.0/24" cannot reach "web/api"
    And "web/api" can reach address "198.51.100.9" on TCP 443
    And "web/www" can reach host "api.example.com" on TCP 443
    And the internet can reach "web/www" on TCP 80
    And the internet can reach node "n1" on TCP 30080
    And node "n2" can reach namespace "web" on TCP 8080

  Scenario: bounds
    Then only "web/www", node "n2" and CIDR "203.0.113.0/24" can reach "web/api"
    And "web/api" can reach only "web/www", CIDR "198.51.100.0/24"
    And "web/api" can reach only service "web/www" and CIDR "198.51.100.0/24"
    And nothing outside the cluster can reach "web/api" on UDP

  Scenario: open answers
    Given the network is "kubernetes"
    Then it is undetermined whether "web/www" can reach "ops/probe" on TCP 9000
    And it is undetermined whether "web/www" can reach "ops/probe" on TCP 9000 because "N2"
    And because of "NetworkPolicy ops/probe"
    And it is undetermined whether "web/api" can reach host "api.example.com" on TCP 443
    And connections on TCP 9000 are:
      | from \ to | probe |
      | www       | maybe |

  Scenario: networks differ
    Then "cilium" and "calico" differ on "web/www" reaching "ops/probe" on TCP 9000
    And "cilium" and "calico" agree on "web/www" to "web/api" on TCP 8080

  Scenario: a request under two networks
    Then "cilium" and "calico" agree on GET "http://10.244.1.5:8080/" from "web/www"
