"""Wearoff: what a botulinum-toxin treatment did, how fast it is wearing off, and when to come back."""

__version__ = "0.1.0"
