"""Own OCR test material: books are typeset, printed badly, read by real engines, and come with their truth.

None of this runs in `make test`: it needs fonts and engines that the test suite must not depend on. What it made is
kept small in `pages/`; `README.md` says how to make more.
"""
