"""Yardstick: how a team compares with its competitors and its industry on social media."""

__version__ = "0.1.0"
