"""python -m pipeline: the commands, and the only file that prints. Results go to stdout, all talk to stderr.

What a command needs is imported when it runs, so that `--help` answers at once.
"""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from pipeline.errors import ExitCode, PipelineError

if TYPE_CHECKING:
    from pipeline.build import Request

SEEDS = Path("seeds")
BUILD = Path("build")

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="把中文图书的 OCR 原文变成 EPUB 3 与印刷级 PDF · From raw OCR text of Chinese books to EPUB 3 and PDF.",
)

Seeds = Annotated[
    list[Path] | None,
    typer.Argument(
        metavar="[SEED]…",
        help="原文 .txt、装原文的文件夹，或 seeds/ 里的书名；不写就是整个 seeds/ · seeds",
        show_default=False,
    ),
]
Out = Annotated[Path, typer.Option("--out", "-o", help="成品放在哪里 · output folder")]
Jobs = Annotated[int, typer.Option("--jobs", "-j", min=0, help="同时开几个进程，0 为处理器数 · processes")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="只说结果和错误 · results and errors only")]
AsJson = Annotated[bool, typer.Option("--json", help="每件事在标准输出上写一行 JSON · events as JSON Lines")]
Force = Annotated[bool, typer.Option("--force", "-f", help="没有变化也重做 · rebuild all")]


def main() -> NoReturn:
    """Run a command and end the process as errors.ExitCode says; a PipelineError is told without a traceback."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    try:
        code = app(standalone_mode=False)
    except PipelineError as error:
        _say(f"错误：{error}")
        code = error.exit_code
    except KeyboardInterrupt:
        _say("已中断；做完的都已保存，再运行一次就会接着做 · interrupted")
        code = ExitCode.INTERRUPTED
    except typer.Exit as end:
        code = end.exit_code
    except typer.Abort:
        code = ExitCode.INTERRUPTED
    except Exception as error:
        if not hasattr(error, "show"):  # click's own, which says what is wrong with the command line
            raise
        error.show()
        code = ExitCode.USAGE
    sys.exit(int(code or 0))


def _say(text: str) -> None:
    print(text, file=sys.stderr)  # noqa: T201


# ---------------------------------------------------------------- build, clean


@app.command()
def build(
    seeds: Seeds = None,
    out: Out = BUILD,
    formats: Annotated[str, typer.Option("--format", help="epub、pdf，用逗号分开 · formats")] = "epub,pdf",
    edition: Annotated[
        str,
        typer.Option(
            "--edition",
            help="版本，用逗号分开；不写就按各书的 .toml，没有就是 source（原文的字形） · editions",
            show_default=False,
        ),
    ] = "",
    jobs: Jobs = 0,
    quiet: Quiet = False,
    as_json: AsJson = False,
    force: Force = False,
) -> None:
    """把原文做成书 · Build books: DIR/<book>/<book>.<edition>.epub and .pdf."""
    from pipeline.build import Request

    _run(Request(_seeds(seeds), out, _listed(formats), _listed(edition), jobs, force), quiet=quiet, as_json=as_json)


@app.command()
def clean(
    seeds: Seeds = None,
    out: Out = BUILD,
    jobs: Jobs = 0,
    quiet: Quiet = False,
    as_json: AsJson = False,
    force: Force = False,
) -> None:
    """只修复和分析，不出书 · Stop after the snapshots: 1-source.txt 2-cleaned.txt 3-ledger.jsonl 4-book.json."""
    from pipeline.build import Request

    _run(Request(_seeds(seeds), out, (), (), jobs, force), quiet=quiet, as_json=as_json)


def _seeds(given: list[Path] | None) -> tuple[Path, ...]:
    return tuple(_seed(path) for path in given) if given else (SEEDS,)


def _seed(path: Path) -> Path:
    """A path as it is, or the book of that name in seeds/."""
    named = (SEEDS / path.name, SEEDS / f"{path.name}.txt") if path.name == str(path) else ()
    return next((found for found in (path, *named) if found.exists()), path)


def _listed(words: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word.strip() for word in words.replace("，", ",").split(",") if word.strip()))


def _run(request: "Request", *, quiet: bool, as_json: bool) -> None:
    from contextlib import closing

    from pipeline import build as press
    from pipeline.progress import Report

    report = Report(sys.stdout, sys.stderr, quiet=quiet, as_json=as_json)
    with report, closing(press.run(request)) as events:
        for event in events:
            report.tell(event)
    report.sum_up()
    raise typer.Exit(press.exit_code(report.failures, report.books))
