Feature: The database is reached by those who own tables

  Background:
    Given the manifests in "manifests/"
    And the network is "calico"
    And pods have addresses in "10.244.0.0/16"

  Scenario: owners of tables
    Then only "shop/catalog", "payments/payments" and "data/postgres" can reach "data/postgres" on TCP 5432

  Scenario: one named replica
    Then "shop/catalog" can reach pod "data/postgres-0" on TCP 5432
    And pod "data/postgres-1" can reach pod "data/postgres-0" on TCP 5432
    And "shop/cart" cannot reach pod "data/postgres-0" on any port

  Scenario: it opens no connection to anywhere else
    Then "data/postgres" cannot reach the internet
    And "data/postgres" can reach only "data/postgres" and "kube-system/coredns"
