Feature: nothing is checked

  Scenario: givens alone
    Given the manifests in "../cluster/shop/"

  Scenario: no steps
