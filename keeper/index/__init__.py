"""An index of a market's past: its events kept in a database, and asked for by HTTP.

`rows` makes rows of logs, `store` keeps them in SQLite or Postgres, `reading` follows the chain and takes
back what a reorg took back, `asked` judges what is asked for, `answers` finds it, `api` tells it, `serving`
runs all of them.
"""
