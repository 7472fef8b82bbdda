"""The modules of the standard library that a tool can import, also used by prompts and by the gate.

The zygote loads all of them before it locks itself, because it cannot open files afterwards.
"""

# A list of words is easiest to read filled.
# fmt: off

TOOL_MODULES = (
    "__future__", "abc", "array", "ast", "base64", "binascii", "bisect", "calendar", "cmath", "collections",
    "collections.abc", "colorsys", "contextlib", "copy", "csv", "dataclasses", "datetime", "decimal",
    "difflib", "enum", "fractions", "functools", "graphlib", "hashlib", "heapq", "hmac", "html",
    "html.parser", "io", "ipaddress", "itertools", "json", "keyword", "math", "numbers", "operator", "pprint", "queue",
    "random", "re", "secrets", "statistics", "string", "struct", "sys", "textwrap", "time", "traceback",
    "types", "typing", "unicodedata", "urllib.parse", "uuid", "warnings", "zlib", "zoneinfo",
)
"""The modules that a tool may import. All other loaded modules are removed."""

HIDDEN_MODULES = (
    "_strptime", "encodings.ascii", "encodings.latin_1", "encodings.idna", "encodings.utf_16",
    "encodings.utf_32", "encodings.cp1252", "encodings.cp437", "encodings.hex_codec", "encodings.rot_13",
    "encodings.unicode_escape", "encodings.utf_8_sig", "locale", "stringprep",
)
"""Modules that those above import only on first use, which would be too late."""

OUT_OF_REACH = (
    "ctypes", "_ctypes", "socket", "_socket", "subprocess", "select", "selectors", "mmap",
    "multiprocessing", "threading", "asyncio", "seccompy", "landlockpy", "langchain_latm", "importlib",
    "platform", "tempfile", "shutil", "pathlib",
)
"""Loaded by the zygote or by a module above, but of no use to a tool.

`resource` is not among them because `os.wait4` imports it at each call.
"""

KEPT_FOR_PACKAGES = ("importlib", "pathlib", "platform", "select", "selectors", "shutil", "tempfile", "threading")
"""Modules of `OUT_OF_REACH` that packages import when they are called.

The filter of system calls still applies to them.
"""
