"""A first trade: look at the chain, buy an option, wait, sell it back. Run it beside `tandem up`."""

import time

from tandem.client import Client

client = Client.connect()
chain = client.chain("0.1")
for option in chain.options:
    print(option.series, option.bid, option.ask, option.mark)
series = next(option.series for option in chain.options if option.ask is not None)
print(client.mint(series, "0.1").after)
time.sleep(5)
print(client.close(series, "0.1").after)
