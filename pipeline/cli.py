"""python -m pipeline: the commands, and the only file that prints. Results go to stdout, all talk to stderr.

What a command needs is imported when it runs, so that `--help` answers at once.
"""

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from pipeline.errors import ExitCode, PipelineError, SettingsError

if TYPE_CHECKING:
    from pipeline.build import Request
    from pipeline.ledger import Edit

SEEDS = Path("seeds")
BUILD = Path("build")
SHELF = Path("shelf.toml")

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
        metavar="SEED",
        help="原文 .txt、装原文的文件夹，或 seeds/ 里的书名；不写就是整个 seeds/ · seeds",
        show_default=False,
    ),
]
Out = Annotated[Path, typer.Option("--out", "-o", help="成品放在哪里 · output folder")]
Edition = Annotated[
    str,
    typer.Option(
        "--edition",
        help="版本，用逗号分开；不写就按各书的 .toml，没有就是 source（原文的字形） · editions",
        show_default=False,
    ),
]
Jobs = Annotated[int, typer.Option("--jobs", "-j", min=0, help="同时开几个进程，0 为处理器数 · processes")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="只说结果和错误 · results and errors only")]
AsJson = Annotated[bool, typer.Option("--json", help="每件事在标准输出上写一行 JSON · events as JSON Lines")]
Force = Annotated[bool, typer.Option("--force", "-f", help="没有变化也重做 · rebuild all")]
DryRun = Annotated[bool, typer.Option("--dry-run", "-n", help="只说要做什么、为什么，不动手 · say what would be built")]
Dask = Annotated[
    str,
    typer.Option(
        "--dask", metavar="ADDRESS", help="交给 dask 集群，如 tcp://host:8786 · on a cluster", show_default=False
    ),
]
TimeLimit = Annotated[
    float | None,
    typer.Option(
        "--time-limit",
        min=0,
        help="一项工作最多用几秒处理器时间，0 为不限；不写则按篇幅 · CPU seconds",
        show_default=False,
    ),
]
MemoryLimit = Annotated[
    int | None,
    typer.Option("--memory-limit", min=0, help="一项工作最多几 MB 内存，0 为不限 · megabytes", show_default=False),
]


def main() -> NoReturn:
    """Run a command and end the process as errors.ExitCode says; a PipelineError is told without a traceback."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    try:
        code = app(standalone_mode=False)
    except PipelineError as error:
        _say(f"错误：{error}")
        code = error.exit_code
    except typer.Exit as end:
        code = end.exit_code
    except (KeyboardInterrupt, typer.Abort):
        code = ExitCode.INTERRUPTED
    except Exception as error:
        if not hasattr(error, "show"):  # click's own, which says what is wrong with the command line
            raise
        error.show()
        code = ExitCode.USAGE
    if code == ExitCode.INTERRUPTED:
        _say("已中断；做完的都已保存，再运行一次就会接着做 · interrupted")
    sys.exit(int(code or 0))


def _say(text: str) -> None:
    print(text, file=sys.stderr)  # noqa: T201


# ---------------------------------------------------------------- build, clean


@app.command()
def build(
    seeds: Seeds = None,
    out: Out = BUILD,
    formats: Annotated[
        str,
        typer.Option(
            "--format", help="epub、pdf（阅读）、print（付印）、cover（书封）、web（浏览器），用逗号分开 · formats"
        ),
    ] = "epub,pdf,print",
    edition: Edition = "",
    jobs: Jobs = 0,
    quiet: Quiet = False,
    as_json: AsJson = False,
    force: Force = False,
    dry_run: DryRun = False,
    dask: Dask = "",
    time_limit: TimeLimit = None,
    memory_limit: MemoryLimit = None,
) -> None:
    """把原文做成书 · Build books: DIR/<book>/<book>.<edition>.epub, .pdf, .print.pdf, .cover.pdf."""
    from pipeline.build import Request

    request = Request(
        _seeds(seeds), out, _listed(formats), _listed(edition), jobs, force, dask, time_limit, memory_limit
    )
    if dry_run:
        _plan(request, as_json=as_json)
    _run(request, quiet=quiet, as_json=as_json)


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


@app.command()
def watch(
    seeds: Seeds = None,
    out: Out = BUILD,
    formats: Annotated[str, typer.Option("--format", help="epub、pdf，用逗号分开 · formats")] = "epub",
    edition: Annotated[str, typer.Option("--edition", help="版本，用逗号分开 · editions", show_default=False)] = "",
    jobs: Jobs = 0,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """守着原文、设置和版式，存盘就重做，Ctrl-C 结束 · Build again whenever something is saved."""
    from pipeline import watch as watching
    from pipeline.build import Request
    from pipeline.progress import Report

    request = Request(_seeds(seeds), out, _listed(formats), _listed(edition), jobs)
    try:
        for run in watching.watch(request):
            with Report(sys.stdout, sys.stderr, quiet=quiet, as_json=as_json) as report:
                for event in run:
                    report.tell(event)
            if not (quiet or as_json):
                _say("等着存盘……Ctrl-C 结束 · watching")
    except watching.ProgramChanged:
        _say("程序改了，重新开始 · the program was saved, beginning anew")
        os.execv(sys.executable, [sys.executable, "-m", "pipeline", *sys.argv[1:]])  # noqa: S606  this program


def _seeds(given: list[Path] | None) -> tuple[Path, ...]:
    return tuple(_seed(path) for path in given) if given else (SEEDS,)


def _seed(path: Path) -> Path:
    """A path as it is, or the book of that name in seeds/."""
    from pipeline import source

    named = (SEEDS / path.name, SEEDS / f"{path.name}.txt") if path.name == str(path) else ()
    return next((found for found in (path, *named) if source.exists(found)), path)


def _listed(words: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word.strip() for word in words.replace("，", ",").split(",") if word.strip()))


def _plan(request: "Request", *, as_json: bool) -> NoReturn:
    """Say what a run would do, one file a line; nothing is written."""
    from pipeline import build as press
    from pipeline.progress import as_json as jsonable

    failures: list[PipelineError] = []
    for event in press.plan(request):
        if isinstance(event, press.Failed):
            failures.append(event.error)
        if as_json:
            _show(json.dumps(jsonable(event), ensure_ascii=False))
        elif isinstance(event, press.Failed):
            _say(f"失败：{event.book}：{event.error}")
        elif isinstance(event, press.Meant):
            _show(f"{'要做' if event.why else '不变'}  {event.path}{f'  （{event.why}）' if event.why else ''}")
    raise typer.Exit(press.exit_code(failures, len(failures) + 1))


def _run(request: "Request", *, quiet: bool, as_json: bool) -> None:
    raise typer.Exit(_built(request, quiet=quiet, as_json=as_json))


def _built(request: "Request", *, quiet: bool, as_json: bool) -> ExitCode:
    """Build what `request` asks for, tell it, and say how it ended."""
    from contextlib import closing

    from pipeline import build as press
    from pipeline.progress import Report

    report = Report(sys.stdout, sys.stderr, quiet=quiet, as_json=as_json)
    with report, closing(press.run(request)) as events:
        for event in events:
            report.tell(event)
    report.sum_up()
    return press.exit_code(report.failures, report.books)


# ---------------------------------------------------------------- shelf


@app.command()
def shelf(
    seeds: Seeds = None,
    out: Out = BUILD,
    to: Annotated[
        Path | None, typer.Option("--to", help="书架放在哪里，不写就是 OUT/shelf · where it goes", show_default=False)
    ] = None,
    settings: Annotated[Path, typer.Option("--settings", help="书架的设置 · settings of the shelf")] = SHELF,
    first_build: Annotated[
        bool, typer.Option("--build", help="先把各书缺的成品做出来，再上架 · build what is lacking first")
    ] = False,
    edition: Edition = "",
    jobs: Jobs = 0,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """把做好的书上架，成为可以放到任何网站的文件夹 · What is built, as a folder that any static host can serve."""
    from pipeline import catalogue
    from pipeline.build import TO_READ, Request
    from pipeline.store import SHELF as FOLDER

    found, code = _seeds(seeds), ExitCode.OK
    if first_build:
        code = _built(Request(found, out, TO_READ, _listed(edition), jobs), quiet=quiet, as_json=as_json)
    for event in catalogue.shelve(catalogue.Request(found, out, to or out / FOLDER, settings)):
        if isinstance(event, catalogue.Refused):
            code = code or ExitCode.SOME_FAILED
        if as_json:
            _show(catalogue.as_json(event))
        elif not (quiet and isinstance(event, catalogue.Shelved)):
            _say(catalogue.told(event))
        if isinstance(event, catalogue.Shelved) and not as_json:
            _show(str(event.to / "index.html"))
    raise typer.Exit(code)


@app.command()
def serve(
    folder: Annotated[
        Path | None,
        typer.Argument(metavar="[DIR]", help="书架的文件夹，不写就是 build/shelf · shelf", show_default=False),
    ] = None,
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="端口，0 为随便一个空的 · port")] = 8008,
    lan: Annotated[
        bool, typer.Option("--lan", help="让同一网络里的手机也能看，并印出二维码 · for the local network")
    ] = False,
) -> None:
    """在本机上看书架，按 Ctrl-C 停下 · Show the shelf on this machine, until Ctrl-C."""
    from pipeline import serve as serving
    from pipeline.store import SHELF as FOLDER

    server, address = serving.opened(folder or BUILD / FOLDER, port=port, lan=lan)
    _show(address)
    _say(f"书架在 {address}，阅读软件用 {address}opds/index.xml；按 Ctrl-C 停下 · Ctrl-C stops it")
    if lan:
        import segno

        segno.make(address, micro=False).terminal(out=sys.stderr, compact=True)
    sys.stdout.flush()
    with server:
        try:
            server.serve_forever(poll_interval=0.2)
        except KeyboardInterrupt:
            _say("停下了 · stopped")


# ---------------------------------------------------------------- explain, rules, doctor


@app.command()
def explain(
    book: Annotated[Path, typer.Argument(metavar="BOOK", help="书名，或原文的路径 · book")],
    line: Annotated[int, typer.Argument(metavar="LINE", help="原文行号，从 1 数起 · line of the seed, from 1")],
) -> None:
    """某一行改了什么、为什么、成了书里的什么 · What became of a line, and why."""
    from pipeline import explain as explaining

    seed = explaining.find_seed(_seed(book))
    told = explaining.explain(seed, line - 1)
    folio = f"，印刷页码 {told.page.folio}" if told.page and told.page.folio else ""
    _show(f"{told.where}:{line}  第 {told.page_number + 1} 页{folio}")
    _show(f"原文  {_visible(told.seed)}")
    _show(f"现文  {_visible(told.cleaned)}")
    _show("修复" if told.edits else "修复  没有改动")
    for edit in told.edits:
        _show(f"  {edit.rule}〔{edit.confidence.value}〕第 {edit.start + 1} 字 {_change(edit)}  {edit.why}")
    if told.doubts:
        _show("存疑（没有改，只作提示）")
    for edit in told.doubts:
        _show(f"  {edit.rule}〔{edit.confidence.value}〕第 {edit.start + 1} 字 {_change(edit)}  {edit.why}")
    _show("结构")
    for mark in told.marks:
        _show(f"  {mark.rule} 定为 {mark.role.value}{f' 第 {mark.level} 级' if mark.level else ''}  {mark.why}")
    for mark in told.losing:
        _show(f"  {mark.rule} 曾提议 {mark.role.value}，未采用  {mark.why}")
    _show("在书中" if told.places else "在书中  没有文字（空行）")
    for place in told.places:
        hidden = f"  不印出：{place.hidden}" if place.hidden else ""
        _show(f"  {' > '.join(place.trail)}  “{_visible(place.text)}”{hidden}")
    for notice in told.notices:
        _show(f"提醒  {notice.message}")


@app.command()
def rules(
    rule_id: Annotated[str, typer.Argument(metavar="[ID]", help="规则名 · rule", show_default=False)] = "",
) -> None:
    """各条规则做什么、为什么、不碰什么 · What each rule does, why, and what it leaves alone."""
    from pipeline.explain import rule_cards

    cards = rule_cards()
    if not rule_id:
        for card in cards:
            _show(f"{card.stage:9} {card.order:3}  {card.id:28} {card.confidence.value:9} {card.why}")
        return
    found = [card for card in cards if card.id == rule_id]
    if not found:
        from rapidfuzz import process

        near, *_ = process.extractOne(rule_id, [card.id for card in cards])
        raise SettingsError(
            f"没有名为 {rule_id!r} 的规则", remedy=f"是不是 {near}？全部规则见 python -m pipeline rules"
        )
    for card in found:
        _show(f"{card.id}〔{card.stage} 第 {card.order} 条，{card.confidence.value}〕\n{card.why}\n\n{card.text}")


@app.command()
def check(
    books: Annotated[list[Path], typer.Argument(metavar="EPUB…", help="电子书，谁做的都行 · anybody's e-books")],
    as_json: AsJson = False,
) -> None:
    """校读做好的电子书，不改动 · Read finished e-books as a proofreader does; exit 1 where there are findings."""
    from pipeline.check import check_file, told

    found = [finding for book in books for finding in check_file(book)]
    for finding in found:
        _show(told(finding, as_json=as_json))
    raise typer.Exit(ExitCode.SOME_FAILED if found else ExitCode.OK)


@app.command()
def convert(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="纯文本文件，- 为标准输入 · text file, - for stdin")],
    to: Annotated[str, typer.Option("--to", help="hans、hant、hant-tw、hant-hk")],
    source: Annotated[str, typer.Option("--from", help="原文的字形，不写就自动辨认 · script of the text")] = "",
    vocabulary: Annotated[bool, typer.Option("--vocabulary", help="连词汇也换：软件→軟體 · words too")] = False,
    explain: Annotated[bool, typer.Option("--explain", help="逐处说明为什么 · why, place by place")] = False,
) -> None:
    """把纯文本转成另一种字形 · Plain text into another script, on standard output."""
    from pipeline import convert as converting

    said = converting.convert(converting.raw(file, sys.stdin.buffer), to, source=source, vocabulary=vocabulary)
    if explain:
        for place in said.places:
            change = f"{_visible(place.before)} → {_visible(place.after)}"
            _show(f"{file}:{place.line + 1}:{place.column + 1}  {change}  {place.why}")
    else:
        sys.stdout.write(said.text)


@app.command()
def doctor() -> None:
    """检查环境，缺什么、怎么补 · What is installed, what is missing, and what to do."""
    from pipeline import doctor as examination

    findings = examination.examine()
    width = max(len(each.name) for each in findings)
    for each in findings:
        _show(f"{'好' if each.ok else '缺'}  {each.name:{width}} {each.found or each.remedy}  〔{each.need.value}〕")
    lacking = examination.missing(findings, examination.Need.BUILDING, examination.Need.PRINTING)
    raise typer.Exit(ExitCode.SOME_FAILED if lacking else ExitCode.OK)


def _show(text: str) -> None:
    print(text)  # noqa: T201


def _change(edit: "Edit") -> str:
    return f"“{_visible(edit.before)}” → “{_visible(edit.after)}”"


def _visible(text: str) -> str:
    """`text` with its controls spelled out, so that a seed cannot steer the terminal."""
    return "".join(char if char.isprintable() or char == "\u3000" else f"⟨{ord(char):04X}⟩" for char in text)
