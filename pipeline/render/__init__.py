"""Renderers: an Edition and a Style in, bytes and notices out. Pure, so any worker anywhere gives the same bytes."""
