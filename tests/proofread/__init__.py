"""What the proofreader is made from and measured with: the look-alike table, errors put in, real OCR pages, the score.

None of this runs in `make test`, which has cases and laws of its own; `make score-repair` runs the score.
"""
