"""Keep the Chinese catalogue in step with the code: `python tools/catalogue.py` after changing a message.

Every sentence of the library is found here by the way it is written: what `msg`, `Message` and `say` are
given, the help of a verb or option, a parameter's meaning and unit, the first line of a rule's docstring,
the members of an enum, the fields of a strategy and what its docstring says of it and them. `extract` is an
extraction method as babel wants it (`tools/babel.cfg`); run as a program, this file adds what is new to
`shequ.po`, drops what no code says any more, and compiles. `--check` changes nothing and tells what is missing.
"""

from __future__ import annotations

import ast
import sys
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import IO, Final

from shequ_core.policy.described import described, summary

ROOT: Final = Path(__file__).parents[1]
SOURCE: Final = ROOT / "src" / "shequ_core"
CATALOGUE: Final = SOURCE / "reports" / "locale" / "zh_CN" / "LC_MESSAGES" / "shequ.po"

Found = tuple[int, str | None, str | tuple[str, str], list[str]]
"""A line, babel's name of the function, the message (with its context first, if it has one), no comments."""

SAID: Final = frozenset({"msg", "Message", "say"})
"""Functions whose first argument is a template."""

FIRST: Final = frozenset({"Part", "Document"})
"""Classes whose first argument is told to people; a document's title only where we made it up, in English."""

REGISTER: Final = b"# The register of clauses"
FIGURES: Final = b"# What is published"

SHOWN: Final = {
    "Division": "code", "Part": "what", "SchemeRate": "own", "DocumentRow": "title", "SaidRow": "document",
    "ValueRow": "value", "LimitRow": "bound",
}  # fmt: skip
"""Classes that a figure sheet shows beside strategies, by their first field: editors tell what they and theirs are."""

MARKS: Final = frozenset({"implements", "check", "procedure"})


def _name(node: ast.expr) -> str:
    if isinstance(node, ast.Call):
        return _name(node.func)
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def texts(node: ast.expr) -> Iterator[str]:
    """Yield the constant texts that an expression may come to."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from texts(node.body)
        yield from texts(node.orelse)


def _summary(function: ast.FunctionDef) -> str:
    return (ast.get_docstring(function) or "").partition("\n")[0]


def _more(function: ast.FunctionDef) -> Iterator[str]:
    """Yield what else a check's docstring says, paragraph by paragraph, and then what to do."""
    said, _, todo = (ast.get_docstring(function) or "").partition("What to do:")
    for text in (*said.strip().split("\n\n")[1:], todo):
        yield " ".join(text.split())


class _Finder(ast.NodeVisitor):
    """Finds every message of a module."""

    def __init__(self) -> None:
        self.found: list[Found] = []

    def plain(self, line: int, text: str) -> None:
        if text:
            self.found.append((line, None, text, []))

    def named(self, line: int, context: str, code: str) -> None:
        self.found.append((line, "pgettext", (context, code), []))

    def visit_Call(self, node: ast.Call) -> None:
        name = _name(node)
        keywords = {one.arg: one.value for one in node.keywords if one.arg is not None}
        if name in SAID and node.args:
            for text in texts(node.args[0]):
                self.plain(node.lineno, text)
        elif name in FIRST and node.args:
            for text in texts(node.args[0]):
                if text.isascii():
                    self.plain(node.lineno, text)
        elif name == "word" and node.args and "context" in keywords:
            for code in texts(node.args[0]):
                for context in texts(keywords["context"]):
                    self.named(node.lineno, context, code)
        elif name == "Parameter":
            self._parameter(node.lineno, keywords)
        if "help" in keywords:
            for text in texts(keywords["help"]):
                self.plain(keywords["help"].lineno, text)
        self.generic_visit(node)

    def _parameter(self, line: int, keywords: Mapping[str, ast.expr]) -> None:
        for code in texts(keywords["name"]) if "name" in keywords else ():
            self.named(line, "key", code)
        for text in texts(keywords["doc"]) if "doc" in keywords else ():
            self.plain(line, text)
        for unit in texts(keywords["unit"]) if "unit" in keywords else ():
            self.named(line, "unit", unit)

    @staticmethod
    def _is_check(node: ast.FunctionDef) -> bool:
        return any(isinstance(one, ast.Call) and _name(one) == "check" for one in node.decorator_list)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        if any(isinstance(one, ast.Call) and _name(one) in MARKS for one in node.decorator_list):
            self.plain(node.lineno, _summary(node))
            for text in _more(node) if self._is_check(node) else ():
                self.plain(node.lineno, text)
            arguments = (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)
            for argument in () if self._is_check(node) else arguments:
                if argument.arg != "policy":
                    self.named(argument.lineno, "argument", argument.arg)
        if node.name == "row":  # what an answer shows of one row
            for one in ast.walk(node):
                if isinstance(one, ast.Return) and isinstance(one.value, ast.Dict):
                    for key in one.value.keys:
                        for code in texts(key) if key is not None else ():
                            self.named(one.lineno, "argument", code)
        self.generic_visit(node)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        own = any(isinstance(one, ast.FunctionDef) and one.name == "zh" for one in node.body)
        if not own and any(_name(base) == "StrEnum" for base in node.bases):
            for one in node.body:
                if isinstance(one, ast.Assign):
                    for code in texts(one.value):
                        self.named(one.lineno, node.name, code)
        fields: list[ast.AnnAssign] = [one for one in node.body if isinstance(one, ast.AnnAssign)]
        kinds = [  # of a strategy; what facts call a kind has its words in their headers
            one for one in fields
            if isinstance(one.target, ast.Name) and one.target.id == "kind" and one.value
            and "ClassVar" in ast.unparse(one.annotation)
        ]
        for one in kinds:
            assert one.value is not None
            for code in texts(one.value):
                self.named(one.lineno, "kind", code)
        shown = bool(fields) and ast.unparse(fields[0].target) == SHOWN.get(node.name)
        if kinds or shown or any(_name(base) == "Strategy" for base in node.bases):
            told = SimpleNamespace(__doc__=ast.get_docstring(node) or "")
            for text in ([summary(told)] if kinds or shown else []) + [*described(told).values()]:
                self.plain(node.lineno, text)
        for one in fields if kinds else ():
            if isinstance(one.target, ast.Name) and "ClassVar" not in ast.unparse(one.annotation):
                self.named(one.lineno, "field", one.target.id)
        self.generic_visit(node)


def extract(fileobj: IO[bytes], *_: object, **__: object) -> Iterator[Found]:
    """Yield every message of a module, bound of the register or source of a figure, as babel asks for them."""
    content = fileobj.read()
    if content.startswith(REGISTER):
        for row in tomllib.loads(content.decode())["clause"]:
            if "bound" in row:
                yield 1, None, row["bound"], []
        return
    if content.startswith(FIGURES):
        for figure in tomllib.loads(content.decode())["figure"].values():
            if "source" in figure:
                yield 1, None, figure["source"], []
        return
    finder = _Finder()
    finder.visit(ast.parse(content))
    yield from finder.found


def messages() -> dict[tuple[str, str], str]:
    """Return every message of the library, (context or '', template), with the place where it stands first."""
    found: dict[tuple[str, str], str] = {}
    sheets = (SOURCE / "jilin" / "register.toml", SOURCE / "jilin" / "figures.toml")
    for path in (*sorted(SOURCE.rglob("*.py")), *sheets):
        with path.open("rb") as source:
            for line, _, message, _ in extract(source):
                key = message if isinstance(message, tuple) else ("", message)
                found.setdefault(key, f"{path.relative_to(ROOT).as_posix()}:{line}")
    return found


def main(arguments: list[str]) -> int:
    """Bring the catalogue up to date, or only tell what is missing."""
    from babel.messages.catalog import Catalog
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po, write_po

    said = messages()
    with CATALOGUE.open("rb") as file:
        old = read_po(file, locale="zh_CN")
    told = {(one.context or "", str(one.id)): str(one.string or "") for one in old if one.id}
    missing = [key for key in said if not told.get(key)]
    unused = [key for key in told if key not in said]
    for context, text in missing:
        print(f"{said[context, text]}: not translated: {f'[{context}] ' if context else ''}{text}")
    for context, text in unused:
        print(f"no code says: {f'[{context}] ' if context else ''}{text}")
    if "--check" in arguments:
        return 1 if missing or unused else 0
    new = Catalog(locale="zh_CN", header_comment=old.header_comment, fuzzy=False)
    new.mime_headers = old.mime_headers
    for context, text in said:
        new.add(text, told.get((context, text), ""), context=context or None)
    with CATALOGUE.open("wb") as file:
        write_po(file, new, width=0, no_location=True, omit_header=True)
    text = CATALOGUE.read_text(encoding="utf-8")
    CATALOGUE.write_text(HEADER + text, encoding="utf-8", newline="\n")
    with CATALOGUE.with_suffix(".mo").open("wb") as file, CATALOGUE.open("rb") as source:
        write_mo(file, read_po(source, locale="zh_CN"))
    return 0


HEADER: Final = """\
# Chinese words of shequ-core. `python tools/catalogue.py` keeps the entries in step with the code.
msgid ""
msgstr ""
"Language: zh_CN\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"

"""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
