"""What verbs share: their options, their languages, and how an answer or an error is printed."""

from __future__ import annotations

import io
import os
import re
import sys
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click
from click.core import ParameterSource

from shequ_core.errors import Message, ShequError, UnsetError, msg, nearest
from shequ_core.reports.wording import LANGS, ZH, as_json, labelled, say, sentences, several
from shequ_core.values import JsonValue, Lang

if TYPE_CHECKING:
    from shequ_core.reports.lists import Listing

F = TypeVar("F", bound=Callable[..., Any])  # Any: a verb takes what its options give

LANG_VARIABLE: Final = "SHEQU_LANG"
LOCALE_VARIABLES: Final = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
BAD_INPUT: Final = 2

CLICKS_OWN: Final = (
    msg("Options"), msg("Commands"), msg("Show this message and exit."), msg("Show the version and exit."),
)
"""What click itself says in a help text."""

_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MONTH: Final = re.compile(r"\d{4}-\d{2}", re.ASCII)


# --- languages -----------------------------------------------------------------------------------


def language(ctx: click.Context | None) -> Lang:
    """Return the language that was asked for: by --lang, else by SHEQU_LANG, else by the locale, else Chinese."""
    return asked_language(ctx) or _locale_language() or ZH


def asked_language(ctx: click.Context | None) -> Lang | None:
    """Return the language of --lang or SHEQU_LANG alone: data may not depend on where it was made."""
    while ctx is not None:
        if ctx.params.get("lang") and ctx.get_parameter_source("lang") is not ParameterSource.DEFAULT:
            return str(ctx.params["lang"])
        ctx = ctx.parent
    wanted = os.environ.get(LANG_VARIABLE, "")
    return wanted if wanted in LANGS else None


def _locale_language() -> Lang | None:
    """Return the first language of ours that the environment's locale names, in the order of gettext."""
    for variable in LOCALE_VARIABLES:
        for wanted in os.environ.get(variable, "").split(":"):
            code = re.split("[_.@-]", wanted, maxsplit=1)[0].lower()
            if code in LANGS:
                return code
        if os.environ.get(variable) and variable != "LANGUAGE":
            return None
    return None


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
        with answering(language(ctx), ctx.params):
            return super().invoke(ctx)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the command line; what is left over is ours to complain of."""
        ctx.allow_extra_args = True
        rest = super().parse_args(ctx, args)
        if rest and not ctx.resilient_parsing:
            raise ToldError(msg("{given} is too much: this verb takes no more", given=tuple(rest)), ctx)
        return rest

    def get_help(self, ctx: click.Context) -> str:
        """Return the help in the chosen language."""
        return translated(ctx, super().format_help)

    def format_options(self: click.Command, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the options, those that click brings among them."""
        told = [record for one in self.get_params(ctx) if (record := help_record(one, ctx)) is not None]
        with formatter.section("Options"):
            formatter.write_dl(told)

    def format_help_text(self: click.Command, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Say what the verb is for."""
        formatter.write_paragraph()
        with formatter.indentation():
            for paragraph in (self.help or "").split("\n\n"):
                formatter.write_text(say(" ".join(paragraph.split()), language(ctx)))
                formatter.write_paragraph()


class ToldError(click.UsageError):
    """Something wrong with a command line, in words of ours."""

    def __init__(self, told: Message, ctx: click.Context) -> None:
        self.told = told
        super().__init__(str(told), ctx)


class NoSuchVerbError(ToldError):
    """A verb that we don't have."""

    def __init__(self, asked: str, verbs: Sequence[str], ctx: click.Context) -> None:
        near = nearest(asked, verbs)
        super().__init__(
            msg("There is no verb {asked}. Did you mean {near}?", asked=asked, near=near)
            if near
            else msg("There is no verb {asked}.", asked=asked),
            ctx,
        )


def help_record(param: click.Parameter, ctx: click.Context) -> tuple[str, str] | None:
    """Return a parameter's names and its help in the chosen language; None for what has no help."""
    record = param.get_help_record(ctx)
    if record is None or not isinstance(param, click.Option):
        return None
    lang, extra = language(ctx), param.get_help_extra(ctx)
    notes = []
    if "default" in extra:
        notes.append(say(msg("default: {value}", value=extra["default"]), lang))
    if "range" in extra:
        notes.append(extra["range"])
    if "required" in extra:
        notes.append(say("required", lang))
    told = say(param.help or "", lang)
    return record[0], f"{told}  [{several(notes, lang)}]" if notes else told


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


class Month(click.ParamType[date]):
    """A month written 2022-07: its first day."""

    name = "month"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:  # Any: as click
        """Read it, or say what is wrong with it."""
        if isinstance(value, date):
            return value
        given = unicodedata.normalize("NFKC", str(value)).strip()
        try:
            if not _MONTH.fullmatch(given):
                raise ValueError
            return date.fromisoformat(f"{given}-01")
        except ValueError:
            told = msg("{given} is no month: write it as 2022-07", given=str(value))
            raise click.BadParameter(say(told, language(ctx)), ctx, param) from None


def today() -> date:
    """Return today: the one place in the library that reads the calendar of the machine."""
    return datetime.now().astimezone().date()


def _settled(ctx: click.Context, _: click.Parameter, value: str | None) -> str:
    return value or language(ctx)


place_option: Final = click.option(
    "--place", required=True, metavar="PLACE", help="The place: a code such as 220104, or its Chinese name."
)
on_option: Final = click.option(
    "--on", type=Day(), default=today, metavar="DATE", help="The day for which the answer holds; today."
)
known_option: Final = click.option(
    "--known", type=Day(), metavar="DATE", help="As known on that day; without it all that is known now."
)
assume_option: Final = click.option(
    "--assume", is_flag=True, help="Let drafts, derived figures and assumptions take part, each marked."
)
month_option: Final = click.option(
    "--month", type=Month(), required=True, metavar="MONTH", help="The month, as 2022-07."
)
ledger_option: Final = click.option(
    "--ledger", type=click.Path(path_type=Path), required=True, metavar="DIR", help="The folder of the sealed months."
)
owed_option: Final = click.option(
    "--ledger", type=click.Path(path_type=Path), metavar="DIR",
    help="The folder of the sealed months: their arrears are paid too, and a sealed month is as it was sealed.",
)
json_option: Final = click.option(
    "--json", "as_data", is_flag=True, help="Print JSON instead of text."
)
lang_option: Final = click.option(
    "--lang", type=click.Choice(LANGS), is_eager=True, callback=_settled,
    help="The language of the text; SHEQU_LANG sets it too, and else the locale.",
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


def tell_list(listing: Listing, outs: Sequence[Path], lang: Lang, *, as_data: bool) -> None:
    """Write a list into files, and tell what it says in short; or print it as JSON."""
    from shequ_core.reports.lists import write_listing

    if outs:
        write_listing(listing, outs, lang)
    if as_data:
        print_json(listing.to_data())
        return
    for line in listing.lines(lang):
        click.echo(line)
    if outs:
        click.echo(say(msg("Written: {files}", files=tuple(str(out) for out in outs)), lang))


@contextmanager
def answering(lang: Lang, given: Mapping[str, object]) -> Iterator[None]:
    """Tell an error of ours on standard error, all of it, and leave with exit code 2.

    Args:
        lang: The language.
        given: What the command line gave: nobody is advised to do what was done.
    """
    try:
        yield
    except ShequError as error:
        first, *rest = sentences(error, lang)
        if isinstance(error, UnsetError) and given.get("assume"):
            first = say(_unset_though_assumed(len(error.missing)), lang)
        if isinstance(error, UnsetError) and (known := given.get("known")) is not None:
            rest.append(say(msg("What became known after {known} doesn't count: --known says so.", known=known), lang))
        click.echo(labelled(say("Error", lang), first, lang), err=True)
        for one in rest:
            click.echo(f"  {one}", err=True)
        raise click.exceptions.Exit(BAD_INPUT) from None


def _unset_though_assumed(count: int) -> Message:
    if count == 1:
        return msg("A value is needed that nobody set and for which the library assumes nothing: set it in a plugin.")
    return msg(
        "{count} values are needed that nobody set and for which the library assumes nothing: set them in a plugin.",
        count=count,
    )


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
        if isinstance(error.param.type, (click.IntRange, type(click.INT))):
            return _number_wanted(error.param.get_error_hint(ctx), error.param.type)
        if isinstance(error.param.type, click.Choice):
            choices = tuple(str(one) for one in error.param.type.choices)
            return msg("{name}: write one of {choices}", name=error.param.get_error_hint(ctx), choices=choices)
        return msg("{name}: {problem}", name=error.param.get_error_hint(ctx), problem=error.message)
    if isinstance(error, ToldError):
        return error.told
    if isinstance(error, click.BadOptionUsage):
        return msg("{name}: a switch takes no value, every other option takes one", name=error.option_name)
    return msg("{problem}", problem=error.format_message())


def _number_wanted(name: str, kind: click.ParamType[Any]) -> Message:  # Any: a whole number, in a range or not
    least, most = (kind.min, kind.max) if isinstance(kind, click.IntRange) else (None, None)
    if least is not None and most is not None:
        return msg("{name}: write a whole number from {least} to {most}", name=name, least=least, most=most)
    if least is not None:
        return msg("{name}: write a whole number, {least} or more", name=name, least=least)
    return msg("{name}: write a whole number", name=name)
