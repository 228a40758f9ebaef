"""Training of models/nano: data from packages/world, the two-stream network, losses, export. See ../README.md."""
