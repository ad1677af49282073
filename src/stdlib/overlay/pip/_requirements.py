"""Requirements and environment markers, as PEP 508 defines them."""

import os
import platform
import re
import sys

from ._versions import InvalidVersion, Specifier, SpecifierSet, Version

_HEAD = re.compile(r"\s*([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*(?:\[([^\]]*)\])?\s*", re.ASCII)
_TOKEN = re.compile(
    r"""\s*(?:
    (?P<punctuation>[()]) |
    (?P<text>'[^']*'|"[^"]*") |
    (?P<operator>===|~=|==|!=|<=|>=|<|>|not\s+in\b|in\b) |
    (?P<joint>and\b|or\b) |
    (?P<name>[a-z_.]+)
    )""",
    re.VERBOSE,
)


class InvalidRequirement(ValueError):
    """A text that is no requirement."""


def canonical_name(name):
    """The form in which names of packages are compared."""
    return re.sub(r"[-_.]+", "-", name).lower()


def environment():
    """The values of the variables in markers."""
    version = sys.implementation.version
    full = "{0.major}.{0.minor}.{0.micro}".format(version)
    if version.releaselevel != "final":
        full += version.releaselevel[0] + str(version.serial)
    return {
        "implementation_name": "cpython",
        "implementation_version": full,
        "os_name": os.name,
        "platform_machine": platform.machine(),
        "platform_release": platform.release(),
        "platform_system": "Emscripten",
        "platform_version": platform.version(),
        "python_full_version": platform.python_version(),
        "platform_python_implementation": "CPython",
        "python_version": "{0.major}.{0.minor}".format(sys.version_info),
        "sys_platform": sys.platform,
    }


class Marker:
    """A condition on the environment, such as `python_version < "3.11"`."""

    def __init__(self, text):
        self.text = text.strip()
        self._tokens = []
        at = 0
        while at < len(self.text):
            match = _TOKEN.match(self.text, at)
            if not match:
                raise InvalidRequirement(f"Invalid marker: {text.strip()!r}")
            self._tokens.append((match.lastgroup, match[match.lastgroup]))
            at = match.end()
        self._tree, rest = self._parse_or(self._tokens)
        if rest:
            raise InvalidRequirement(f"Invalid marker: {text.strip()!r}")

    def __str__(self):
        return self.text

    def _parse_or(self, tokens):
        left, tokens = self._parse_and(tokens)
        while tokens and tokens[0] == ("joint", "or"):
            right, tokens = self._parse_and(tokens[1:])
            left = ("or", left, right)
        return left, tokens

    def _parse_and(self, tokens):
        left, tokens = self._parse_one(tokens)
        while tokens and tokens[0] == ("joint", "and"):
            right, tokens = self._parse_one(tokens[1:])
            left = ("and", left, right)
        return left, tokens

    def _parse_one(self, tokens):
        if tokens and tokens[0] == ("punctuation", "("):
            inner, tokens = self._parse_or(tokens[1:])
            if tokens and tokens[0] == ("punctuation", ")"):
                return inner, tokens[1:]
        elif len(tokens) >= 3 and tokens[1][0] == "operator" and {tokens[0][0], tokens[2][0]} <= {"text", "name"}:
            operator = " ".join(tokens[1][1].split())
            return ("compare", tokens[0], operator, tokens[2]), tokens[3:]
        raise InvalidRequirement(f"Invalid marker: {self.text!r}")

    def holds(self, extras=()):
        """Whether the condition is true here, for a package that was asked for with these extras."""
        values = environment()
        return any(self._evaluate(self._tree, values | {"extra": extra}) for extra in (*extras, ""))

    def _evaluate(self, tree, values):
        if tree[0] == "or":
            return self._evaluate(tree[1], values) or self._evaluate(tree[2], values)
        if tree[0] == "and":
            return self._evaluate(tree[1], values) and self._evaluate(tree[2], values)
        _, left, operator, right = tree

        def value(token):
            kind, text = token
            if kind == "text":
                return text[1:-1]
            name = text.replace(".", "_")
            if name == "python_implementation":
                name = "platform_python_implementation"
            if name not in values:
                raise InvalidRequirement(f"Unknown variable {text!r} in the marker {self.text!r}")
            return values[name]

        first, second = value(left), value(right)
        if ("name", "extra") in (left, right):
            first, second = canonical_name(first), canonical_name(second)
        if operator == "in":
            return first in second
        if operator == "not in":
            return first not in second
        try:
            return Version(first) in Specifier(operator + second)
        except (InvalidVersion, ValueError):
            pass
        match operator:
            case "==" | "===":
                return first == second
            case "!=":
                return first != second
            case "<" | "<=" | ">" | ">=":
                return {"<": first < second, "<=": first <= second, ">": first > second, ">=": first >= second}[operator]
        raise InvalidRequirement(f"{first!r} {operator} {second!r} is not defined, in the marker {self.text!r}")


class Requirement:
    """What a package or a user asks for: `name[extras] >=version; marker` or `name @ URL`."""

    def __init__(self, text):
        self.text = text.strip()
        head = _HEAD.match(text)
        if not head:
            raise InvalidRequirement(f"Invalid requirement: {self.text!r}")
        self.name = head[1]
        self.key = canonical_name(head[1])
        self.extras = frozenset(canonical_name(extra.strip()) for extra in (head[2] or "").split(",") if extra.strip())
        rest = text[head.end():]
        self.url = None
        self.marker = None
        self.hashes = ()
        if rest.startswith("@"):
            self.url, _, marker = rest[1:].strip().partition(" ;")
            self.specifier = SpecifierSet()
        else:
            conditions, _, marker = rest.partition(";")
            conditions = conditions.strip()
            if conditions.startswith("(") and conditions.endswith(")"):
                conditions = conditions[1:-1]
            try:
                self.specifier = SpecifierSet(conditions)
            except ValueError as error:
                raise InvalidRequirement(f"Invalid requirement: {self.text!r}: {error}") from None
        if marker.strip():
            self.marker = Marker(marker)

    def __str__(self):
        extras = f"[{','.join(sorted(self.extras))}]" if self.extras else ""
        target = f" @ {self.url}" if self.url else str(self.specifier)
        return f"{self.name}{extras}{target}"

    def applies(self, extras=()):
        return self.marker is None or self.marker.holds(extras)
