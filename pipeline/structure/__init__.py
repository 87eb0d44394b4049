"""Structuring: the rules, in the order they speak, and the engine that hears them. It changes no character."""

from pipeline.structure.rule import StructureRule

RULES: tuple[StructureRule, ...] = ()
