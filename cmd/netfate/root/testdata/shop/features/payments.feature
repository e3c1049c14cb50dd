@shop
Feature: Payments are reached by the cart alone

  Background:
    Given the manifests in "../deploy/"

  Scenario: the cart pays
    Then "shop/cart" can reach "shop/payments" on TCP 8080

  Scenario: nobody else does
    Then only "shop/cart" can reach "shop/payments"
