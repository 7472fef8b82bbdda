"""Sources that run text as code, or reach what could, each in its own way. `f` is the entry."""

from __future__ import annotations

# Bodies of `f(text)`.
_BODIES = r"""
return eval(text)
exec(text)
return compile(text, "", "exec")
return __import__(text)
run = eval; return run(text)
return (lambda run=eval: run(text))()
return [eval][0](text)
return {"run": exec}["run"](text)
return list(map(eval, [text]))
return sorted([text], key=eval)
return max([text], key=exec)
return (eval if text else str)(text)
return [run(text) for run in (eval,)]
return [eval(text) for part in text]
try: raise ValueError\n    except eval(text): pass
with eval(text): pass
assert eval(text)
return f"{eval(text)}"
return f"{text:{eval(text)}}"
for part in eval(text): return part
match eval(text):\n        case found: return found
del [[]][eval(text)]
return lambda: eval(text)
yield eval(text)
global eval; return eval(text)
return __builtins__["eval"](text)
return __builtins__.eval(text)
return globals()["__builtins__"]["eval"](text)
return locals()["text"]
return vars()["text"]
return vars(type)["__subclasses__"](object)
return open(text).read()
return input(text)
breakpoint()
help(text)
return __loader__.load_module(text)
return __spec__.loader.load_module("builtins")
return __build_class__(lambda: 0, text)
return text.__class__.__mro__[1].__subclasses__()
return type(text).mro()[1]
return text.__class__.__base__
return ().__class__.__bases__[0]
return f.__globals__["__builtins__"]
return f.__code__.replace(co_code=text.encode())
f.__code__ = text
f.__defaults__ = (text,)
return print.__self__.eval(text)
return f.__builtins__["eval"](text)
return f.__getattribute__(text)
return object.__getattribute__(f, text)
return type.__getattribute__(f, "__globals__")
return f.__dict__[text]
return f.__reduce_ex__(4)
return f.__closure__[0].cell_contents
return (i for i in text).gi_frame.f_back.f_builtins["eval"](text)
return (i for i in text).gi_code
try: 1 / 0\n    except ZeroDivisionError as error: return error.__traceback__.tb_frame.f_globals
return getattr(f, text)
return getattr(f, "__globals__")
return getattr(f, "__glo" + "bals__")
return getattr(f, f"__{text}__")
look = getattr; return look(f, text)
return list(map(getattr, [f], [text]))
return getattr(*[f, text])
setattr(f, text, text)
setattr(f, "__code__", text)
delattr(f, text)
match f:\n        case object(__globals__=found): return found
object.__setattr__(f, text, 1)
object.__setattr__(f, "__code__", text)
text.__class__ = f
return "{0.__globals__}".format(f)
return "{0[__builtins__]}".format({})
return "{x.__init__.__globals__}".format_map({"x": f})
return text.format(f)
return (text + "!").format(f)
return str.format(text, f)
return text.strip().format_map({"f": f})
form = text; return form.format(f)
return list(map(str.format, [text], [f]))
return text.format
import os; return os.popen(text).read()
import subprocess; return subprocess.run(text)
import builtins; return builtins.eval(text)
import importlib; return importlib.import_module(text)
import pickle; return pickle.loads(text)
import marshal; return marshal.loads(text)
import ctypes; return ctypes.CDLL(text)
import code; code.InteractiveInterpreter().runcode(text)
import codeop; return codeop.compile_command(text)
import runpy; return runpy.run_path(text)
import pdb; pdb.run(text)
import timeit; return timeit.timeit(text)
import cProfile; cProfile.run(text)
import doctest; doctest.run_docstring_examples(text, {})
import inspect; return inspect.currentframe()
import unittest.mock
import logging.config
import shelve; return shelve.open(text)
import yaml; return yaml.load(text)
import sympy; return sympy.sympify(text)
import pandas; return pandas.eval(text)
import numpy
import gc; return gc.get_objects()
import threading
import xml.etree.ElementTree
import os.path
import posix
import _io
import json, os
import math as m, os as o
from os import system; return system(text)
from os import *
from math import *
from . import x
from .x import y
from builtins import eval as run; return run(text)
from ast import sys
from enum import bltns; return bltns.eval(text)
from dataclasses import builtins; return builtins.eval(text)
from json import tool
import sys; return sys.modules["builtins"]
import sys; return sys._getframe()
import sys; sys.settrace(text)
import sys; sys.path.append(text)
import sys; sys.stdout = text
import sys; stream = sys.stdout; return stream.buffer.raw.__class__
import sys; return sys.stdout.buffer
import sys as s; return s.modules
import dataclasses; return dataclasses.builtins.eval(text)
import enum; return enum.bltns.eval(text)
import contextlib; return contextlib.os.system(text)
import contextlib; contextlib.chdir(text)
import typing; return typing.sys.modules
import traceback; return traceback.linecache
import uuid; return uuid.os.popen(text)
import random; return random._os.system(text)
import collections; return collections._sys.modules
import json; return json.codecs.builtins.eval(text)
import json; j = json; return j.codecs.builtins.eval(text)
import json; return [json][0]
import json; return getattr(json, text)
import json; return getattr(json, "codecs").builtins
import re as json; return json.copyreg
import urllib.parse; return urllib.request
import operator; return operator.attrgetter(text)(f)
import operator; return operator.attrgetter("a.__globals__")(f)
import operator; return operator.attrgetter("name", "__globals__")(f)
import operator; return operator.methodcaller(text)(f)
import operator; return operator.methodcaller("__getattribute__", text)(f)
import operator; return list(map(operator.attrgetter, [text]))
from operator import attrgetter as get; return get("__globals__")(f)
import functools; return functools.partial(eval)(text)
import functools; return functools.reduce(getattr, [text], f)
import functools; return functools.update_wrapper(f, f, ("__globals__",), ("__globals__",))
import functools; return functools.wraps(f, updated=("__globals__",))
import string; return string.Formatter().get_field(text, [f], {})
from string import Formatter; return Formatter().vformat(text, [f], {})
import types; return types.FunctionType(text, {})
import types; return types.CodeType(text)
from types import LambdaType; return LambdaType
import typing; return typing.get_type_hints(f)
import typing; return typing.ForwardRef(text)
import typing; return typing.Optional[text]
from typing import List; return List[text]
import dataclasses; return dataclasses.make_dataclass("C", [text])
import io; return io.open(text)
import io; return io.FileIO(text)
from io import open_code; return open_code(text)
import math; math.pi = text
import math; del math.pi
import math; math.pi += 1
import math; setattr(math, "pi", text)
from collections import Counter; Counter.most_common = text
import datetime; datetime.date.today = text
def g(x: "eval('1')"): return x
def g(x) -> "__import__('os')": return x
def g(x: text): return x
def g(x: "list[eval('1')]"): return x
def g(x: list["eval('1')"]): return x
x: "eval('1')" = 1
@eval\n    def g(): pass
def g(x=eval): return x(text)
class C(eval(text)): pass
class C: run = eval
class C: __match_args__ = ("__globals__",)
class C: __annotations__ = {"x": text}
class C(metaclass=eval(text)): pass
__builtins__ = {}
def g(json):\n        import json\n        kept = json\n        return kept.codecs.builtins
import enum as __builtins__\n    return bltns
try: 1 / 0\n    except ZeroDivisionError as __builtins__: pass
def __builtins__(): pass
class __builtins__: eval = 1
def g(x, __builtins__=1): return x
return (lambda __builtins__: 1)(text)
match text:\n        case __builtins__: pass
match [text]:\n        case [*__builtins__]: pass
match {}:\n        case {**__builtins__}: pass
global __builtins__
return dict(__match_args__=text)
class C:\n        def __getattr__(self, name): return name
class C:\n        def __reduce_ex__(self, version): return text
class C:\n        @classmethod\n        def __prepare__(cls, *_): return text
class C(metaclass=text): pass
class C(**text): pass
class C(type): pass
import enum\n    class C(enum.EnumMeta): pass
import abc\n    class C(abc.ABCMeta): pass
return type("C", (), {text: 1})
return type(*text)
return list(map(type, text)) and type("C", (), dict())
C = type(text)\n    class D(C): pass
class D(type(text)): pass
def g(base):\n        class D(base): pass\n        return D
class C: pass\n    match text:\n        case C(found): return found
import dataclasses; return dataclasses.dataclass(text)
import dataclasses; return list(map(dataclasses.dataclass, [text]))
from dataclasses import dataclass as make; kept = make; return kept(text)
from dataclasses import dataclass\n    def g(x): return text\n    @dataclass\n    @g\n    class C: pass
from dataclasses import Field; return Field
import functools, types; functools.singledispatch(f).register(text)
import functools; g = functools.singledispatch(f).register; return g(text)
import functools; return list(map(functools.singledispatch(f).register, [text]))
import functools; return getattr(functools.singledispatch(f), "register")(text)
from functools import singledispatch as s; return s(f).register(text, None)
import functools, operator; return operator.methodcaller("register", text)(functools.singledispatch(f))
import types; return types.SimpleNamespace(**text)
import types; return list(map(types.SimpleNamespace, text))
import types; return types.SimpleNamespace(__reduce_ex__=text)
import ast; f._fields = (text,); return list(ast.iter_fields(f))
import enum; p = enum.property(); p.name = text; return p
import contextlib; r = contextlib.redirect_stdout(None); r._stream = "modules"; return r
import contextlib\n    class R(contextlib.redirect_stdout): pass
import contextlib; return contextlib.redirect_stderr(None)._old_targets
T = "ev" + "al('1')"\n    def g(x: T): return x
T = f"{'ev'}al('1')"\n    def g(x: T): return x
def g(x: "".join(["eval", "('1')"])): return x
T = {"a": "eval('1')"}\n    def g(x: T["a"]): return x
class C: T = "ev" "al('1')"\n    def g(x: C.T): return x
for T in ["eval('1')"]: pass\n    def g(x: T): return x
return ("{0." + "_" + "_globals__}").format(f)
part = "_" * 2; return ("{0." + part + "globals" + part + "}").format(f)
part = "_"; return f"{{0.{part}{part}globals{part}{part}}}".format(f)
return "".join(["{0._", "_globals__}"]).format(f)
return "{0.xxglobalsxx}".replace("x", "_").format(f)
return ("{0." + chr(95) * 2 + "globals__}").format(f)
return "{.__slabolg__0{"[::-1].format(f)
form = "{0._"; form += "_globals__}"; return form.format(f)
import string; return ("{0." + string.punctuation[26] * 2 + "globals__}").format(f)
return f"{{0.{'':_<2}globals{'':_<2}}}".format(f)
return ("{0.%sglobals%s}" % ("__", "__")).format(f)
match text:\n        case form: return form.format(f)
"""

# Whole sources.
_SOURCES = [
    "import os\ndef f(text): return os.system(text)",
    "run = eval\ndef f(text): return run(text)",
    "if False: eval = 1\ndef f(text): return eval(text)",
    "eval = eval\ndef f(text): return eval(text)",
    "def f(text, run=eval): return run(text)",
    "def f(text: eval('str')): return text",
    "def f(text: 'eval(\"str\")'): return text",
    "from typing import Optional\nAlias = Optional['eval(\"1\")']\ndef f(text: Alias): return text",
    "class C:\n    eval = 1\n    del eval\n    kept = eval\ndef f(text): return C.kept(text)",
    "class C:\n    import os\ndef f(text): return C.os.system(text)",
    "x = [eval(t) for t in '1' if (eval := str)]\ndef f(text): return x",
    "def f(text):\n    [(lambda: (eval := 1)) for _ in text]\n    return eval(text)",
    "@eval\ndef f(text): return text",
    "def g():\n    global eval\n    eval = 1\ndef f(text): return eval(text)",
    "try:\n    import ctypes\nexcept ImportError:\n    pass\ndef f(text): return text",
    "async def g(text): return eval(text)\ndef f(text): return g(text).cr_frame",
    "def f(text):\n    class C:\n        eval = eval\n    return C.eval(text)",
    "def __getattr__(name): return eval(name)\ndef f(text): return text",
    "def f(text): return \uff45val(text)",
    "def f(text): return f.__\uff47lobals__",
    "import operator as __builtins__\ndef f(text): return attrgetter(text)(f)",
    """from dataclasses import dataclass, fields
@dataclass
class C:
    x: int
def f(text):
    fields(C)[0].name = text
    @dataclass
    class D(C): pass
""",
    """import dataclasses
class N:
    def give(self, name): self.name = name
@dataclasses.dataclass
class C:
    x: int
def f(text):
    N.give(dataclasses.fields(C)[0], text)
    @dataclasses.dataclass
    class D(C): pass
""",
    "T = 'ev' + 'al(1)'\ndef f(text: T): return text",
]

ATTACKS = [f"def f(text):\n    {body}\n".replace("\\n", "\n") for body in _BODIES.strip().splitlines()] + _SOURCES
