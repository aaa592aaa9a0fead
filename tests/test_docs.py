"""The pages: every command and option in them exists, every link leads somewhere."""

import re
from pathlib import Path

import pytest
import typer

from experiments.cli.program import COMMANDS, program

HOUSE = Path(__file__).parents[1]
PAGES = [HOUSE / "README.md", *sorted((HOUSE / "docs").glob("*.md"))]
LINK = re.compile(r"\[[^\]]*\]\(([^)#\s]+)(?:#[^)]*)?\)")
BLOCK = re.compile(r"^```\w*\n(.*?)^```", re.M | re.S)
INDENTED = re.compile(r"^ {4}(meekmc .*)$", re.M)
OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]*")


def commands(page):
    """Lines of a page that call the program, without what is said of them."""
    text = page.read_text(encoding="utf-8")
    lines = [line for block in BLOCK.findall(text) for line in block.splitlines()]
    for line in [*lines, *INDENTED.findall(text)]:
        if line.startswith("meekmc "):
            yield re.split(r"\s{2,}|\s#", line)[0]


@pytest.fixture(scope="module")
def options():
    """Options by command, those of commands below one among them."""
    shelf = typer.main.get_group(program("meekmc", None))
    context = shelf.make_context("meekmc", ["list"])
    known: dict[tuple[str, ...], set[str]] = {("",): set(_options(shelf))}
    for name in COMMANDS:
        found = shelf.get_command(context, name)
        known[name,] = set(_options(found))
        for word, below in getattr(found, "commands", {}).items():
            known[name, word] = set(_options(below))
    return known


def _options(command):
    for parameter in command.params:
        yield from parameter.opts
        yield from parameter.secondary_opts
    yield from ("--help", "--debug")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_of_a_page_exists_with_its_options(page, options):
    for line in commands(page):
        words = line.split()[1:]
        named = words[0] if words[0] in COMMANDS else ""
        assert named or words[0].startswith("-"), line
        key = (named, *words[1:2]) if (named, *words[1:2]) in options else (named,)
        for option in OPTION.findall(re.sub(r"'[^']*'|\"[^\"]*\"", "", line)):
            assert option in options[key], f"{page.name}: {line}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_to_a_file_that_there_is(page):
    for target in LINK.findall(page.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_every_page_is_in_the_tree_of_the_site():
    tree = (HOUSE / "docs" / "index.md").read_text(encoding="utf-8").split()
    assert {page.stem for page in PAGES} - {"README", "index"} <= set(tree)


def test_every_page_is_listed():
    listed = (HOUSE / "docs" / "README.md").read_text(encoding="utf-8")
    names = {page.name for page in PAGES} - {"README.md", "index.md"}
    assert names == set(LINK.findall(listed)) & names


def test_pages_have_commands_to_check():
    assert sum(len(list(commands(page))) for page in PAGES) > 60
