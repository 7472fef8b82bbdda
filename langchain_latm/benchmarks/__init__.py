"""Benchmarks that `latm bench` and `latm demo` run. Only these two commands import this package."""
