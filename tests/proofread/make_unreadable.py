"""List the characters that an engine's model cannot give: `python -m tests.proofread.make_unreadable [OUT]`.

Tesseract's chi_sim knows about 4,000 characters; every other one it reads as something else, always, on every page:
佃农 comes out as 个农. The list is read from the unicharset of the installed model; `combine_tessdata` is part of
Tesseract.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from tests.proofread.make_lookalikes import characters

OUT = Path(__file__).resolve().parents[2] / "pipeline/language/unreadable.txt"
MODEL = Path("/usr/share/tesseract-ocr/5/tessdata/chi_sim.traineddata")


def main() -> int:
    """Write the list."""
    out = Path(sys.argv[1]) if len(sys.argv) > 1 else OUT
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["combine_tessdata", "-u", str(MODEL), f"{folder}/m."], check=True, capture_output=True)
        known = {line.split(" ", 1)[0] for line in (Path(folder) / "m.lstm-unicharset").read_text("utf-8").splitlines()}
    lacking = "".join(char for char in characters() if char not in known)
    command = "python -m tests.proofread.make_unreadable"
    head = f"# GB 2312 characters that Tesseract's chi_sim (tessdata 4.1.0) never gives; {command}\n"
    out.write_text(head + "".join(f"{lacking[at : at + 60]}\n" for at in range(0, len(lacking), 60)), "utf-8")
    sys.stderr.write(f"{out}: {len(lacking)} characters\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
