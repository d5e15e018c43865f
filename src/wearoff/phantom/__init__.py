"""Synthetic people with exactly known truth, rendered with Mitsuba 3 (extra `phantom`).

Nothing outside this package imports it; the core of Wearoff needs neither Mitsuba nor the mesh data.
"""
