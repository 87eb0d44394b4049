# 这里没有逻辑：每个目标只是一条命令 · No logic here: each target is one command.
# BOOK=书名或路径 EDITIONS=source,hant-tw JOBS=4 PYTHON=python3.12 可缩小或改变范围 · narrow or change what is done.
# 不写 BOOK 就是 seeds/ 里的每一本；不写 EDITIONS 就按各书的 .toml · without BOOK all of seeds/, without EDITIONS each .toml's.

PYTHON ?= python3
BOOK ?=
EDITIONS ?=
JOBS ?=
CORPUS ?=
PAGES ?=

PRESS = .venv/bin/python -m pipeline
BUILD = $(PRESS) build $(BOOK) $(if $(EDITIONS),--edition $(EDITIONS)) $(if $(JOBS),--jobs $(JOBS)) --format
TRADITIONAL = $(PRESS) build $(BOOK) --edition $(or $(EDITIONS),hant-tw$(COMMA)hant-hk) $(if $(JOBS),--jobs $(JOBS))
SHELVE = $(PRESS) shelf $(BOOK) --build $(if $(EDITIONS),--edition $(EDITIONS)) $(if $(JOBS),--jobs $(JOBS))
COMMA = ,

.DEFAULT_GOAL := help
.PHONY: help
help:  ## 列出所有目标 · list every target
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 20

.PHONY: epub
epub: ready  ## 电子书 · build/<book>/*.epub
	@$(BUILD) epub

.PHONY: pdf
pdf: ready  ## 阅读版与付印版 · build/<book>/*.pdf to read, *.print.pdf for the press
	@$(BUILD) pdf,print

.PHONY: cover
cover: ready  ## 付印的书封：封面、书脊、封底 · *.cover.pdf: front, spine and back for the press
	@$(BUILD) cover

.PHONY: all
all: ready  ## 所有格式 · every format
	@$(BUILD) epub,pdf,print,cover

.PHONY: traditional
traditional: ready  ## 繁体版（台湾、香港），所有格式 · editions for Taipei and Hong Kong, every format
	@$(TRADITIONAL) --format epub,pdf,print

.PHONY: shelf
shelf: ready  ## 书架：做好的书成为可以放到任何网站的文件夹 · a folder for any static host, in build/shelf
	@$(SHELVE)

.PHONY: serve
serve: ready  ## 在本机上看书架，Ctrl-C 停下 · show the shelf on this machine, until Ctrl-C
	@$(PRESS) serve

.PHONY: watch
watch: ready  ## 存盘就重做电子书，Ctrl-C 结束 · build e-books again whenever something is saved
	@$(PRESS) watch $(BOOK)

.PHONY: clean
clean:  ## 清空 build/ · empty build/
	@find build -mindepth 1 ! -path build/.gitkeep -delete

.PHONY: doctor
doctor: ready  ## 检查环境 · what is installed, what is missing and what to do
	@$(PRESS) doctor

.PHONY: check
check: ready-test lint  ## 提交前：格式、类型、快速测试 · before a commit: lint, types, fast tests
	.venv/bin/python -m pytest -n 2 -q -m "not slow"

.PHONY: test
test: ready-test  ## 全部测试 · the whole suite
	.venv/bin/python -m pytest -n 2

.PHONY: readers
readers: ready-test  ## 只测第三方阅读器与校验 · only what other people's readers and checkers say of the e-book
	.venv/bin/python -m pytest -n 2 tests/test_readers.py tests/test_epub.py -m slow

.PHONY: lint
lint: ready-test  ## 格式与类型 · ruff and mypy --strict
	.venv/bin/python -m ruff check .
	.venv/bin/python -m ruff format --check .
	.venv/bin/python -m mypy

.PHONY: golden
golden: ready-test  ## 更新标准书样，看过差异再提交 · write the golden books anew; read the difference before you commit
	.venv/bin/python -m tests.golden

.PHONY: score
score: ready-test  ## 清理与结构的得分 · how well OCR text is repaired, on CORPUS=DIR
	.venv/bin/python -m tests.score $(CORPUS)

.PHONY: bench
bench: ready-test bench-epub bench-press  ## 各步的速度和内存 · speed of each stage; time and memory beside pandoc and calibre
	.venv/bin/python -m tests.bench

.PHONY: bench-epub
bench-epub: ready-test  ## 电子书一步，与 pandoc、calibre 并列 · the e-book alone, beside pandoc and calibre
	.venv/bin/python -m tests.bench_epub

.PHONY: bench-pdf
bench-pdf: ready-test  ## 印刷版一步，与 WeasyPrint、Typst、XeLaTeX、Chromium 并列 · the printed book beside others
	.venv/bin/python -m tests.bench_pdf

.PHONY: bench-press
bench-press: ready-test  ## 一座图书馆，与 pandoc、calibre 并列 · a library of 500 books, beside pandoc and calibre
	.venv/bin/python -m tests.bench_press

.PHONY: faults
faults: ready-test  ## 断电、满盘、恶意输入，全部真做 · kills, full disks and hostile input, all really done
	FAULTS=50 .venv/bin/python -m pytest tests/test_faults.py tests/test_hostile.py tests/test_cluster.py

.PHONY: fuzz
fuzz: ready-test  ## 在一万本随机的书上验证法则 · the laws, over 10,000 books made by chance (about ten minutes)
	.venv/bin/python -m tests.fuzz

.PHONY: fuzz-guided
fuzz-guided: ready-test  ## 同上，由 atheris 按代码覆盖率选文，十分钟 · the same, books chosen by the code they reach
	.venv/bin/python -m uv pip install --quiet --requirement pyproject.toml --extra fuzz
	.venv/bin/python -m tests.fuzz_guided

.PHONY: typography
typography: ready-test  ## 版面质量的数字 · the typography of our PDFs in figures
	.venv/bin/python -m tests.typography $(BOOK)

.PHONY: preflight
preflight: ready-test  ## 付印前检查：PDF/X-4、PDF/A、PDF/UA · whether our PDFs keep what they claim
	.venv/bin/python -m tests.preflight $(BOOK)

.PHONY: score-script
score-script: ready-test  ## 简繁转换的得分 · how well Traditional characters come back, on CORPUS=DIR
	.venv/bin/python -m tests.score_script $(CORPUS)

.PHONY: score-repair
score-repair: ready-test  ## 校对的得分 · how far the proofreader may be trusted; PAGES=DIR adds pages read by engines
	.venv/bin/python -m tests.proofread.score $(foreach folder,$(PAGES),--pages $(folder))

.PHONY: lock
lock: ready-test  ## 更新锁定的版本 · renew the lock files from pyproject.toml
	$(LOCK) --output-file requirements.lock pyproject.toml
	$(LOCK) --extra test --output-file requirements-dev.lock pyproject.toml

# One lock for every platform and Python; versions and hashes only, no address of an index. UPGRADE=1 takes newer ones.
LOCK = .venv/bin/python -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header --no-annotate $(if $(UPGRADE),--upgrade)

.PHONY: ready
ready:  # 准备环境，已就绪则立刻返回 · set-up; returns at once where all is ready
	@$(PYTHON) -m pipeline.bootstrap --for run

.PHONY: ready-test
ready-test:
	@$(PYTHON) -m pipeline.bootstrap --for test
