Feature: not Gherkin
  Scenario: one
    Then "a/b" can reach "c/d"
    this is no step
