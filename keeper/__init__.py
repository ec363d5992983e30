"""The bot: when to hedge, what to send, what was sent; live, in replay and in back-test."""
