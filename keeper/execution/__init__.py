"""What leaves the keeper: signatures and transactions. Nothing here decides."""
