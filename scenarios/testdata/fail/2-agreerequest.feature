Feature: a request that two networks answer otherwise

  Background:
    Given the manifests in "../cluster/net/"

  Scenario: differs
    Then "cilium" and "calico" agree on GET "http://10.244.1.6:9000/" from "web/www"
