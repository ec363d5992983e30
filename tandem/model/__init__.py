"""The formulas, off chain: the same ones that `contracts/lib` states on chain.

Nothing in here knows a chain, a clock or a file: numbers in, numbers out, so that the same code
runs live, in a replay and in a back-test. Arrays are float64; prices are USD, volatility is
1/sqrt(year) (1.0 = 100 %), time is years of 31,536,000 s. Greeks are with respect to the forward
unless a name says otherwise.
"""
