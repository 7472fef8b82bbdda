"""`latm prune` and `latm erase`: delete data of a library."""

import re
import sys
from datetime import timedelta
from typing import Annotated, Final

import typer

from langchain_latm.cli import console
from langchain_latm.cli.library import opened_library
from langchain_latm.cli.options import AsJson, Library

_UNITS: Final = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def prune(
    older_than: Annotated[str, typer.Option(metavar="AGE", help="A number and a unit: 90d, 12h, 4w or 30m (minutes).")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only print what would be deleted.")] = False,
    library: Library = None,
    as_json: AsJson = False,
) -> None:
    """Delete old answers, feedback, doubts, failed makings, waiting requests and pending tools; add up uses.

    Tools, their histories and examples, and the sums of uses stay; so does feedback that an answer of a current tool
    was wrong. An answer stays while its request waits or is an example. Accounts no longer contain the failed makings,
    doubts and ratings that are deleted, and feedback on a deleted answer is refused.

    Only one tenant's part is pruned: `latm --tenant NAME prune`.
    """
    age = _age(older_than)
    with opened_library(library) as opened:
        pruned = opened.prune(older_than=age, dry_run=dry_run)
    counts = pruned.model_dump()
    if as_json:
        console.print_json(counts)
    uses = counts.pop("uses")
    console.say(f"{'would delete' if dry_run else 'deleted'}: {_listed(counts)}")
    if uses:
        console.say(f"added up: {uses:,} notes of uses")


def erase(
    tenant: Annotated[str | None, typer.Option(metavar="NAME", help="Everything of this tenant.")] = None,
    user: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="The data of this user's requests; with --tenant, within that tenant."),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    library: Library = None,
    as_json: AsJson = False,
) -> None:
    """Erase a tenant, or the stored data of a user's requests. This cannot be undone.

    A tenant: its tools, requests, answers, feedback and accounts. A user: answers, feedback, waiting requests, and
    examples and pending tools that came from them. A proof never changes: the tools whose proof contains such a
    request are named, and stay. Exports, and checkpoints of LangGraph, are not touched.
    """
    if tenant is None and user is None:
        raise typer.BadParameter("is missing: give --tenant NAME or --user NAME", param_hint="--tenant")
    if not yes and not sys.stdin.isatty():
        raise typer.BadParameter(
            "is needed: standard input is not a terminal, so you cannot be asked", param_hint="--yes"
        )
    with opened_library(library) as opened:
        own = opened if tenant is None else opened.for_tenant(tenant)
        if user is None:
            _confirm(f"Erase everything of the tenant {tenant!r}?", yes=yes)
            counts = own.erase_tenant()
            if as_json:
                console.print_json(counts)
            console.say(f"erased: {_listed(counts)}")
            return
        found = own.erase_user(user, dry_run=True)
        listed = _listed(found.model_dump(exclude={"in_proofs"}))
        _confirm(f"Erase the stored data of the user {user!r}: {listed}?", yes=yes)
        erased = own.erase_user(user)
    if as_json:
        console.print_json(erased)
    console.say(f"erased: {_listed(erased.model_dump(exclude={'in_proofs'}))}")
    if erased.in_proofs:
        console.say(f"still in the proofs of {', '.join(erased.in_proofs)}, which never change")


def _confirm(question: str, *, yes: bool) -> None:
    if not yes and not typer.confirm(question, err=True):
        console.say("nothing was erased")
        raise SystemExit(1)


def _listed(counts: dict[str, int]) -> str:
    return ", ".join(f"{count:,} {label.replace('_', ' ')}" for label, count in counts.items() if count) or "nothing"


def _age(text: str) -> timedelta:
    found = re.fullmatch(r"([0-9]{1,6})([mhdw])", text.strip(), re.ASCII)
    if found is None:
        raise typer.BadParameter(
            f"{text!r} is not an age: give a number and m, h, d or w, such as 90d", param_hint="--older-than"
        )
    return timedelta(**{_UNITS[found[2]]: int(found[1])})
