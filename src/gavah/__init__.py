"""Gavah: many partial lists of people harmed, one register, and how much of the picture is missing."""

__version__ = "0.1.0"
