"""What verbs share: their options, their languages, and how an answer or an error is printed."""

from __future__ import annotations

import copy
import io
import os
import re
import sys
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any, Final, TypeVar

import click

from shequ_core.errors import Message, ShequError, msg, nearest
from shequ_core.reports.wording import LANGS, ZH, as_json, labelled, say, sentences
from shequ_core.values import JsonValue, Lang

F = TypeVar("F", bound=Callable[..., Any])  # Any: a verb takes what its options give

LANG_VARIABLE: Final = "SHEQU_LANG"
BAD_INPUT: Final = 2

_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


# --- languages -----------------------------------------------------------------------------------


def language(ctx: click.Context | None) -> Lang:
    """Return the language that was asked for: by --lang, else by SHEQU_LANG, else Chinese."""
    while ctx is not None:
        if ctx.params.get("lang"):
            return str(ctx.params["lang"])
        ctx = ctx.parent
    wanted = os.environ.get(LANG_VARIABLE, "")
    return wanted if wanted in LANGS else ZH


class _Help(click.HelpFormatter):
    """Help with its headings in one language."""

    def __init__(self, lang: Lang, width: int | None, max_width: int | None) -> None:
        super().__init__(width=width, max_width=max_width)
        self._lang = lang

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(prog, args, prefix or labelled(say("Usage", self._lang), "", self._lang))

    def write_heading(self, heading: str) -> None:
        self.write(f"{'':>{self.current_indent}}{labelled(say(heading, self._lang), '', self._lang).strip()}\n")


def translated(ctx: click.Context, write: Callable[[click.Context, click.HelpFormatter], None]) -> str:
    """Return what `write` writes, with headings in the chosen language."""
    formatter = _Help(language(ctx), ctx.terminal_width, ctx.max_content_width)
    write(ctx, formatter)
    return formatter.getvalue().rstrip("\n")


class Verb(click.Command):
    """A verb: its help is translated, and an error of ours is told and ends it with exit code 2."""

    def invoke(self, ctx: click.Context) -> Any:  # Any: as click has it
        """Run it."""
        with answering(language(ctx)):
            return super().invoke(ctx)

    def get_help(self, ctx: click.Context) -> str:
        """Return the help in the chosen language."""
        return translated(ctx, super().format_help)

    def format_help_text(self: click.Command, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Say what the verb is for."""
        formatter.write_paragraph()
        with formatter.indentation():
            for paragraph in (self.help or "").split("\n\n"):
                formatter.write_text(say(" ".join(paragraph.split()), language(ctx)))
                formatter.write_paragraph()


class NoSuchVerbError(click.UsageError):
    """A verb that we don't have."""

    def __init__(self, asked: str, verbs: Sequence[str], ctx: click.Context) -> None:
        near = nearest(asked, verbs)
        self.told = (
            msg("There is no verb {asked}. Did you mean {near}?", asked=asked, near=near)
            if near
            else msg("There is no verb {asked}.", asked=asked)
        )
        super().__init__(str(self.told), ctx)


class Said(click.Option):
    """An option whose help is translated."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """Return its names and its help."""
        told = copy.copy(self)
        told.help = say(self.help or "", language(ctx))
        return click.Option.get_help_record(told, ctx)


# --- options -------------------------------------------------------------------------------------


class Day(click.ParamType[date]):
    """A day written 2022-07-01."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:  # Any: as click
        """Read it, or say what is wrong with it."""
        if isinstance(value, date):
            return value
        given = unicodedata.normalize("NFKC", str(value)).strip()
        try:
            if not _DAY.fullmatch(given):
                raise ValueError
            return date.fromisoformat(given)
        except ValueError:
            told = msg("{given} is no day of the calendar: write it as 2022-07-01", given=str(value))
            raise click.BadParameter(say(told, language(ctx)), ctx, param) from None


def today() -> date:
    """Return today: the one place in the library that reads the calendar of the machine."""
    return datetime.now().astimezone().date()


def _settled(ctx: click.Context, _: click.Parameter, value: str | None) -> str:
    return value or language(ctx)


place_option: Final = click.option(
    "--place", required=True, cls=Said, metavar="PLACE", help="The place: a code such as 220104, or its Chinese name."
)
on_option: Final = click.option(
    "--on", type=Day(), default=today, cls=Said, metavar="DATE", help="The day for which the answer holds; today."
)
known_option: Final = click.option(
    "--known", type=Day(), cls=Said, metavar="DATE", help="As known on that day; without it all that is known now."
)
assume_option: Final = click.option(
    "--assume", is_flag=True, cls=Said, help="Let drafts, derived figures and assumptions take part, each marked."
)
json_option: Final = click.option(
    "--json", "as_data", is_flag=True, cls=Said, help="Print JSON instead of text."
)
lang_option: Final = click.option(
    "--lang", type=click.Choice(LANGS), is_eager=True, callback=_settled, cls=Said,
    help="The language of the text; SHEQU_LANG sets it too.",
)


def verb(*, help: str) -> Callable[[Callable[..., object]], click.Command]:  # as click calls it
    """Make a function a verb with --lang and --json.

    The function gets `lang` and `as_data`; an error of ours that it raises is told on standard error
    and ends the command with exit code 2.
    """

    def make(function: Callable[..., object]) -> click.Command:
        return click.command(cls=Verb, help=help)(lang_option(json_option(function)))

    return make


# --- printing ------------------------------------------------------------------------------------


def polite() -> None:
    """Write UTF-8 with plain line ends wherever we are: a code page of Windows has not every name."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace", newline="\n")


def print_json(data: JsonValue) -> None:
    """Print an answer as JSON: two blanks of indent, keys in their own order, readable Chinese."""
    click.echo(as_json(data))


@contextmanager
def answering(lang: Lang) -> Iterator[None]:
    """Tell an error of ours on standard error, all of it, and leave with exit code 2."""
    try:
        yield
    except ShequError as error:
        first, *rest = sentences(error, lang)
        click.echo(labelled(say("Error", lang), first, lang), err=True)
        for one in rest:
            click.echo(f"  {one}", err=True)
        raise click.exceptions.Exit(BAD_INPUT) from None


def complain(error: click.ClickException) -> None:
    """Tell what is wrong with a command line, in the chosen language where it is one of ours to say."""
    ctx = getattr(error, "ctx", None)
    lang = language(ctx)
    if ctx is not None and not isinstance(error, click.exceptions.NoArgsIsHelpError):
        click.echo(say(msg("Try '{command} --help' for help.", command=ctx.command_path), lang), err=True)
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        click.echo(error.format_message(), err=True)
        return
    click.echo(labelled(say("Error", lang), say(_wrong(error), lang), lang), err=True)


def _wrong(error: click.ClickException) -> Message:
    ctx = getattr(error, "ctx", None)
    if isinstance(error, click.NoSuchOption):
        near = tuple(sorted(error.possibilities or ()))
        return (
            msg("There is no option {name}. Did you mean {near}?", name=error.option_name, near=near)
            if near
            else msg("There is no option {name}.", name=error.option_name)
        )
    if isinstance(error, click.MissingParameter) and error.param is not None:
        return msg("{name} is missing.", name=error.param.get_error_hint(ctx))
    if isinstance(error, click.BadParameter) and error.param is not None:
        if isinstance(error.param.type, click.Choice):
            choices = tuple(str(one) for one in error.param.type.choices)
            return msg("{name}: write one of {choices}", name=error.param.get_error_hint(ctx), choices=choices)
        return msg("{name}: {problem}", name=error.param.get_error_hint(ctx), problem=error.message)
    if isinstance(error, NoSuchVerbError):
        return error.told
    return msg("{problem}", problem=error.format_message())

