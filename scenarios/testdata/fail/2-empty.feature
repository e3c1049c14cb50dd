Feature: without scenarios
