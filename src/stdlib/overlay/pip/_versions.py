"""Versions and specifiers of packages, as PEP 440 defines them."""

import functools
import re

_PATTERN = re.compile(
    r"""\s*v?
    (?:(?P<epoch>\d+)!)?
    (?P<release>\d+(?:\.\d+)*)
    (?:[-_.]?(?P<pre>alpha|beta|preview|pre|rc|a|b|c)[-_.]?(?P<pre_number>\d*))?
    (?:-(?P<post_implicit>\d+)|[-_.]?(?P<post>post|rev|r)[-_.]?(?P<post_number>\d*))?
    (?:[-_.]?(?P<dev>dev)[-_.]?(?P<dev_number>\d*))?
    (?:\+(?P<local>[a-z0-9]+(?:[-_.][a-z0-9]+)*))?
    \s*""",
    re.VERBOSE | re.IGNORECASE | re.ASCII,
)
_PRE_NAMES = {"alpha": "a", "a": "a", "beta": "b", "b": "b", "c": "rc", "rc": "rc", "pre": "rc", "preview": "rc"}
_OPERATORS = ("===", "~=", "==", "!=", "<=", ">=", "<", ">")


class InvalidVersion(ValueError):
    """A text that is no version."""


@functools.total_ordering
class Version:
    """A version; versions compare in the order of their releases."""

    def __init__(self, text):
        match = _PATTERN.fullmatch(text)
        if not match:
            raise InvalidVersion(f"Invalid version: {text!r}")
        self.epoch = int(match["epoch"] or 0)
        self.release = tuple(map(int, match["release"].split(".")))
        self.pre = (_PRE_NAMES[match["pre"].lower()], int(match["pre_number"] or 0)) if match["pre"] else None
        has_post = match["post"] or match["post_implicit"]
        self.post = int(match["post_implicit"] or match["post_number"] or 0) if has_post else None
        self.dev = int(match["dev_number"] or 0) if match["dev"] else None
        local = re.split(r"[-_.]", match["local"].lower()) if match["local"] else []
        self.local = tuple(int(part) if part.isdigit() else part for part in local)
        self._key = self._sort_key()

    def _sort_key(self):
        release = self.release
        while len(release) > 1 and release[-1] == 0:
            release = release[:-1]
        # A development release of no other kind comes before the pre-releases, a final release after them.
        if self.pre is None:
            pre = ("",) if self.post is None and self.dev is not None else ("z",)
        else:
            pre = self.pre
        post = -1 if self.post is None else self.post
        dev = (1, 0) if self.dev is None else (0, self.dev)
        local = tuple((1, part, "") if isinstance(part, int) else (0, 0, part) for part in self.local)
        return self.epoch, release, pre, post, dev, local

    @property
    def is_prerelease(self):
        return self.pre is not None or self.dev is not None

    @property
    def public(self):
        return str(self).partition("+")[0]

    def __str__(self):
        text = f"{self.epoch}!" if self.epoch else ""
        text += ".".join(map(str, self.release))
        if self.pre is not None:
            text += f"{self.pre[0]}{self.pre[1]}"
        if self.post is not None:
            text += f".post{self.post}"
        if self.dev is not None:
            text += f".dev{self.dev}"
        if self.local:
            text += "+" + ".".join(map(str, self.local))
        return text

    def __repr__(self):
        return f"<Version({str(self)!r})>"

    def __eq__(self, other):
        return self._key == other._key if isinstance(other, Version) else NotImplemented

    def __lt__(self, other):
        return self._key < other._key if isinstance(other, Version) else NotImplemented

    def __hash__(self):
        return hash(self._key)


class Specifier:
    """One condition on a version, such as `>=1.2`."""

    def __init__(self, text):
        text = text.strip()
        operator = next((operator for operator in _OPERATORS if text.startswith(operator)), None)
        if operator is None:
            raise ValueError(f"Invalid specifier: {text!r}")
        self.operator = operator
        self.text = text[len(operator):].strip()
        self.is_prefix = operator in ("==", "!=") and self.text.endswith(".*")
        if operator != "===":
            self.version = Version(self.text[:-2] if self.is_prefix else self.text)
            if operator == "~=" and len(self.version.release) < 2:
                raise ValueError(f"Invalid specifier: {text!r}")

    def __str__(self):
        return self.operator + self.text

    def allows_prereleases(self):
        return self.operator in ("==", ">=", "<=", "~=", "===") and not self.is_prefix and Version(self.text).is_prerelease

    def __contains__(self, version):
        if self.operator == "===":
            return str(version).lower() == self.text.lower()
        own = self.version
        if self.is_prefix:
            return self._has_prefix(version) == (self.operator == "==")
        if not own.local:
            version = Version(version.public) if version.local else version
        match self.operator:
            case "==":
                return version == own
            case "!=":
                return version != own
            case "<=":
                return version <= own
            case ">=":
                return version >= own
            case "~=":
                length = len(own.release) - 1
                return version >= own and (version.epoch, _padded(version, length)) == (own.epoch, own.release[:length])
            case "<":
                # The pre-releases of a version are not less than it in this sense.
                return version < own and (own.is_prerelease or not version.is_prerelease or _base(version) != _base(own))
            case ">":
                return version > own and (own.post is not None or version.post is None or _base(version) != _base(own))

    def _has_prefix(self, version):
        own = self.version
        return (version.epoch, _padded(version, len(own.release))) == (own.epoch, own.release) and (own.pre is None or version.pre == own.pre)


def _padded(version, length):
    return (version.release + (0,) * length)[:length]


def _base(version):
    return Version(f"{version.epoch}!{'.'.join(map(str, version.release))}")


class SpecifierSet:
    """Conditions that hold together, such as `>=1.2,<2`."""

    def __init__(self, text=""):
        self.specifiers = [Specifier(part) for part in text.split(",") if part.strip()]

    def __str__(self):
        return ",".join(sorted(map(str, self.specifiers)))

    def __bool__(self):
        return bool(self.specifiers)

    def __and__(self, other):
        both = SpecifierSet()
        both.specifiers = self.specifiers + other.specifiers
        return both

    def allows_prereleases(self):
        return any(specifier.allows_prereleases() for specifier in self.specifiers)

    def __contains__(self, version):
        """Whether the conditions hold; pre-releases count as other versions do."""
        return all(version in specifier for specifier in self.specifiers)
