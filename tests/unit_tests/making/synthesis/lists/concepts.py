"""Functions of lists, each with a generator of its lists, like the 250 list concepts of Rule (2020)."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from itertools import accumulate, groupby, pairwise
from typing import Any

Drawing = Callable[[random.Random], list[int]]


def _repeated(draw: random.Random) -> list[int]:
    count = draw.randint(1, 10)
    pool = [draw.randint(0, 20) for _ in range(max(1, count // 2))]
    return [draw.choice(pool) for _ in range(count)]


DRAWN: dict[str, Drawing] = {
    "digits": lambda draw: draw.sample(range(10), draw.randint(1, 10)),
    "wide": lambda draw: [draw.choice([draw.randint(0, 9), draw.randint(0, 99)]) for _ in range(draw.randint(1, 10))],
    "dups": _repeated,
    "small": lambda draw: [draw.randint(0, 5) for _ in range(draw.randint(1, 10))],
    "long": lambda draw: [draw.randint(0, 99) for _ in range(draw.randint(5, 10))],
    "long9": lambda draw: draw.sample(range(10), draw.randint(5, 10)),
    "empty": lambda draw: [draw.randint(0, 99) for _ in range(draw.randint(0, 8))],
    "two": lambda draw: [draw.randint(0, 99) for _ in range(draw.randint(2, 9))],
    "three": lambda draw: [draw.randint(0, 60) for _ in range(draw.randint(3, 9))],
}


def _parts(items: list[int], mark: int) -> list[list[int]]:
    return [list(run) for found, run in groupby(items, key=lambda item: item == mark) if not found]


CONCEPTS: dict[str, tuple[str, Callable[[list[int]], Any]]] = {
    "drop3": ("long", lambda x: x[3:]),
    "take4": ("long", lambda x: x[:4]),
    "last2": ("long", lambda x: x[-2:]),
    "third": ("long", lambda x: [x[2]]),
    "mid": ("long", lambda x: x[2:5]),
    "cut4": ("long", lambda x: x[:3] + x[4:]),
    "cut2-3": ("long", lambda x: x[:1] + x[3:]),
    "ins_at3": ("long", lambda x: [*x[:2], 7, *x[2:]]),
    "rep_last": ("two", lambda x: [*x[:-1], 4]),
    "rep3_by_5": ("long", lambda x: [*x[:2], 5, *x[3:]]),
    "app9": ("empty", lambda x: [*x, 9]),
    "pre_two": ("empty", lambda x: [17, 3, *x]),
    "both_ends": ("empty", lambda x: [5, *x, 5]),
    "double": ("empty", lambda x: x + x),
    "rev_twice": ("two", lambda x: x + x[::-1]),
    "swap12": ("two", lambda x: [x[1], x[0], *x[2:]]),
    "swap_last2": ("two", lambda x: [*x[:-2], x[-1], x[-2]]),
    "rot_right": ("two", lambda x: x[-1:] + x[:-1]),
    "sortd": ("wide", lambda x: sorted(x, reverse=True)),
    "uniq": ("dups", lambda x: list(dict.fromkeys(x))),
    "evens": ("wide", lambda x: [v for v in x if v % 2 == 0]),
    "odd_pos": ("wide", lambda x: x[1::2]),
    "gt50": ("long", lambda x: [v for v in x if v > 50]),
    "lt10": ("wide", lambda x: [v for v in x if v < 10]),
    "no4": ("digits", lambda x: [v for v in x if v != 4]),
    "mult3": ("wide", lambda x: [v for v in x if v % 3 == 0]),
    "plus4": ("wide", lambda x: [v + 4 for v in x]),
    "times3": ("wide", lambda x: [v * 3 for v in x]),
    "2x+1": ("wide", lambda x: [2 * v + 1 for v in x]),
    "x-i": ("wide", lambda x: [v + i for i, v in enumerate(x)]),
    "x*pos": ("wide", lambda x: [v * (i + 1) for i, v in enumerate(x)]),
    "sq": ("digits", lambda x: [v * v for v in x]),
    "mod7": ("wide", lambda x: [v % 7 for v in x]),
    "tens": ("long", lambda x: [v // 10 for v in x]),
    "units": ("long", lambda x: [v % 10 for v in x]),
    "99-x": ("wide", lambda x: [99 - v for v in x]),
    "minusmin": ("two", lambda x: [v - min(x) for v in x]),
    "max-x": ("two", lambda x: [max(x) - v for v in x]),
    "addlast": ("two", lambda x: [v + x[-1] for v in x]),
    "sum": ("empty", lambda x: [sum(x)]),
    "len": ("empty", lambda x: [len(x)]),
    "max": ("wide", lambda x: [max(x)]),
    "range": ("two", lambda x: [max(x) - min(x)]),
    "prod": ("small", lambda x: [math.prod(x)]),
    "first+last": ("two", lambda x: [x[0] + x[-1]]),
    "count3": ("small", lambda x: [x.count(3)]),
    "count_even": ("wide", lambda x: [sum(v % 2 == 0 for v in x)]),
    "idx_max": ("digits", lambda x: [x.index(max(x))]),
    "idx_of_evens": ("wide", lambda x: [i for i, v in enumerate(x) if v % 2 == 0]),
    "csum": ("wide", lambda x: list(accumulate(x))),
    "cmax": ("wide", lambda x: list(accumulate(x, max))),
    "diff": ("two", lambda x: [b - a for a, b in pairwise(x)]),
    "range_x": ("digits", lambda x: list(range(1, x[0] + 1))),
    "rep_first": ("digits", lambda x: [x[0]] * len(x)),
    "each_twice": ("wide", lambda x: [v for v in x for _ in range(2)]),
    "each_x_len": ("wide", lambda x: [w for v in x for w in (v, len(x))]),
    "with_idx": ("wide", lambda x: [w for i, v in enumerate(x) for w in (v, i + 1)]),
    "each_n_times": ("small", lambda x: [v for v in x for _ in range(v)]),
    "ups": ("small", lambda x: [j for v in x for j in range(1, v + 1)]),
    "dupsonly": ("dups", lambda x: [v for v in x if x.count(v) > 1]),
    "singles": ("dups", lambda x: [v for v in x if x.count(v) == 1]),
    "cnts": ("dups", lambda x: [x.count(v) for v in dict.fromkeys(x)]),
    "runs": ("small", lambda x: [k for k, _ in groupby(x)]),
    "take_first": ("digits", lambda x: x[1:][: x[0]]),
    "drop_first": ("digits", lambda x: x[1:][x[0] :]),
    "gt_first": ("long", lambda x: [v for v in x if v > x[0]]),
    "gt_idx": ("digits", lambda x: [v for i, v in enumerate(x) if v > i]),
    "even_half": ("wide", lambda x: [v // 2 if v % 2 == 0 else v for v in x]),
    "odd_plus1": ("wide", lambda x: [v + 1 if v % 2 else v for v in x]),
    "clip50": ("long", lambda x: [min(v, 50) for v in x]),
    "big0": ("long", lambda x: [0 if v > 60 else v for v in x]),
    "alt_idx": ("wide", lambda x: [v if i % 2 else v * 2 for i, v in enumerate(x)]),
    "if_has3": ("long9", lambda x: [3] if 3 in x else []),
    "sorted_tail": ("two", lambda x: [x[0], *sorted(x[1:])]),
    "rm_max": ("long9", lambda x: [v for v in x if v != max(x)]),
    "sort_even": ("wide", lambda x: sorted(v for v in x if v % 2 == 0)),
    "uniq_sort": ("dups", lambda x: sorted(set(x))),
    "len_app": ("empty", lambda x: [*x, len(x)]),
    "sum_pre": ("empty", lambda x: [sum(x), *x]),
    "min_max": ("two", lambda x: [min(x), max(x)]),
    "first_half": ("long", lambda x: x[: len(x) // 2]),
    "every3": ("long", lambda x: x[::3]),
    "mod_sort": ("long", lambda x: sorted(x, key=lambda v: v % 10)),
    "evens_first": ("wide", lambda x: [v for v in x if v % 2 == 0] + [v for v in x if v % 2]),
    "times_len": ("wide", lambda x: [v * len(x) for v in x]),
    "digitsum": ("long", lambda x: [sum(map(int, str(v))) for v in x]),
    "second_max": ("long9", lambda x: [sorted(x)[-2]]),
    "sum_top": ("three", lambda x: [x[0] + x[1]]),
    "cum_rev": ("wide", lambda x: list(accumulate(x))[::-1]),
    "ins_len": ("long", lambda x: [*x[:2], len(x), *x[2:]]),
    "rep1_by_sum": ("long", lambda x: [sum(x), *x[1:]]),
    "countdown": ("digits", lambda x: list(range(x[0], 0, -1))),
    "from_to": ("two", lambda x: list(range(min(x), max(x) + 1))),
    "prev_rep": ("small", lambda x: [v for i, v in enumerate(x) if v not in x[:i]][::-1]),
    "first_dup_rm": ("dups", lambda x: [v for v in x if v != x[0]]),
    "parts_sorted": ("small", lambda x: [w for part in _parts(x, 3) for w in sorted(part)]),
    "part_sums": ("small", lambda x: [sum(part) for part in _parts(x, 2)]),
    "run_sums": ("small", lambda x: [sum(run) for _, run in groupby(x)]),
    "histogram": ("small", lambda x: [x.count(v) for v in range(max(x) + 1)]),
    "idx_eq": ("digits", lambda x: [v for i, v in enumerate(x) if v == i]),
}


def rows_of(name: str, count: int, seed: int = 0) -> list[tuple[dict[str, Any], Any]]:
    """Draw solved rows of a concept; the same seed gives the same ones."""
    kind, function = CONCEPTS[name]
    draw = random.Random(f"{name}/{seed}")
    lists = [DRAWN[kind](draw) for _ in range(count)]
    return [({"values": values}, function(values)) for values in lists]
