"""One file, one command: of operators, researchers and newcomers. `tandem.terminal` finds them."""
