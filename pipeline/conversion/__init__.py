"""Conversion between the scripts: Simplified Chinese, and Traditional Chinese as read in Taipei or in Hong Kong.

Text in, text out, with the places where it can be cut (`passage.py`); books and their shape are no matter of this room.
"""
