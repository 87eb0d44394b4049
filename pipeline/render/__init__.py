"""Renderers: an Edition and a Style in, bytes and notices out. Pure, so that any worker anywhere gives the same bytes."""
