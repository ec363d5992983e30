"""A market of one's own that lives: a chain, a venue, a deployment, LPs, a price that moves, arbitrage,
and the keeper as its own process. What a stranger trades on before there is a market to trade on.
"""
