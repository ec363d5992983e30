"""What leaves the keeper: surfaces it signs and transactions it sends. Nothing here decides."""
