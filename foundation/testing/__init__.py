"""What the tests of all apps share: the cast, factories' password, query-count baselines, the browser."""
