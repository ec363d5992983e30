"""Tandem's library: what traders, LPs, deployers, auditors and bots stand on.

Arrows point down: cli -> client -> protocol -> venues -> engine, and feeds -> model at the ground.
Nothing here imports `keeper`.
"""
