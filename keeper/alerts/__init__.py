"""Alerts that a keeper sends by itself, for operators without a Prometheus.

`rules` says when something is wrong, by the figures that /metrics shows and with the numbers of
docs/guide/monitoring/alerts.yaml; `memory` holds as much of the past as they ask for; `watch` says each
once; `post` delivers, and delays nobody.
"""
