"""The parts of Duikai: one package per stage of the one way that data flows (docs/design.md)."""
