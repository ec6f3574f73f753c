"""Explore: all parks as a list, as cards and on a map, narrowed by facets; every state is an address."""
