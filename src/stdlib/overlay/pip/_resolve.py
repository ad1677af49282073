"""Which versions to install: a search through the candidates, newest first, that goes back where requirements contradict."""

import sys

from ._index import InstallationError, Link
from ._requirements import Requirement
from ._versions import SpecifierSet, Version

# Candidates looked at before the search is given up.
_PATIENCE = 2000


class _Conflict(Exception):
    """No candidate of a package satisfies its requirements; `names` are the packages whose choice matters."""

    def __init__(self, names, error):
        self.names = names
        self.error = error


class Candidate:
    """A version of a package: an installed one, or a file."""

    def __init__(self, name, version, link=None, distribution=None, direct=False):
        self.name = name
        self.version = version
        self.link = link
        self.distribution = distribution
        self.direct = direct
        self.hashes = ()


class Resolver:
    """Finds candidates for requirements. `constraints` limit versions without asking for packages."""

    def __init__(self, finder, installed, *, pre=False, upgrade=False, reinstall=False, deps=True, constraints=(), ignore_python=False):
        self.finder = finder
        self.installed = installed
        self.pre = pre
        self.upgrade = upgrade
        self.reinstall = reinstall
        self.deps = deps
        self.ignore_python = ignore_python
        self.constraints = {}
        for constraint in constraints:
            self.constraints[constraint.key] = self.constraints.get(constraint.key, SpecifierSet()) & constraint.specifier
        self._left = _PATIENCE
        self._asked = set()

    async def resolve(self, requirements):
        """The candidates by canonical name, each after what it needs where that is possible."""
        wants = [(requirement, None) for requirement in requirements if requirement.applies()]
        self._asked = {requirement.key for requirement, _ in wants}
        try:
            chosen, needs = await self._solve({}, {}, wants, {})
        except _Conflict as conflict:
            raise conflict.error from None
        ordered = {}

        def add(key, path=()):
            if key in ordered or key in path:
                return
            for needed in needs.get(key, ()):
                add(needed, (*path, key))
            ordered[key] = chosen[key]

        for key in chosen:
            add(key)
        return ordered

    async def _solve(self, chosen, extras, wants, needs):
        wants = list(wants)
        while wants:
            requirement, parent = wants[0]
            key = requirement.key
            if key not in chosen:
                break
            candidate = chosen[key]
            if not candidate.direct and requirement.url is None and candidate.version not in requirement.specifier:
                error = InstallationError(
                    f"Cannot install {_asker(parent)}: it requires {requirement}, but {candidate.name} {candidate.version} is needed as well"
                )
                raise _Conflict({key, parent.key if parent else None}, error)
            wants.pop(0)
            fresh = requirement.extras - extras[key]
            if fresh:
                extras = extras | {key: extras[key] | fresh}
                wants += await self._requires(candidate, extras[key], needs)
        if not wants:
            return chosen, needs
        own = [(requirement, parent) for requirement, parent in wants if requirement.key == key]
        failures, error = {parent.key for _, parent in own if parent} | {key}, None
        candidates = await self._candidates(key, own)
        if not candidates:
            raise _Conflict(failures, await self._nothing_found(key, own))
        wanted_extras = frozenset().union(*(requirement.extras for requirement, _ in own))
        rest = [want for want in wants if want[0].key != key]
        for candidate in candidates:
            self._left -= 1
            if self._left < 0:
                raise InstallationError("The requirements contradict each other in too many ways; name exact versions of some packages")
            candidate.key = key
            own_needs = dict(needs)
            try:
                more = await self._requires(candidate, wanted_extras, own_needs)
                return await self._solve(chosen | {key: candidate}, extras | {key: wanted_extras}, rest + more, own_needs)
            except _Conflict as conflict:
                error = conflict.error
                if key not in conflict.names:
                    raise
                failures |= conflict.names
        raise _Conflict(failures, error)

    async def _requires(self, candidate, extras, needs):
        """What a candidate requires, as pairs of requirement and candidate."""
        if not self.deps:
            return []
        if candidate.distribution is not None:
            lines = candidate.distribution.requires or ()
        else:
            metadata = await self.finder.metadata(candidate.link, candidate.hashes)
            lines = metadata.get_all("Requires-Dist") or ()
        found = [requirement for requirement in map(Requirement, lines) if requirement.applies(extras)]
        needs[candidate.key] = [requirement.key for requirement in found]
        return [(requirement, candidate) for requirement in found]

    async def _candidates(self, key, wants):
        specifier = self.constraints.get(key, SpecifierSet())
        hashes = []
        for requirement, _ in wants:
            specifier = specifier & requirement.specifier
            hashes += requirement.hashes
        direct = next((requirement for requirement, _ in wants if requirement.url), None)
        if direct is not None:
            return [self._direct(direct, hashes)]
        found = []
        present = self.installed.get(key)
        if present is not None and not (key in self._asked and (self.upgrade or self.reinstall)):
            version = Version(present.version)
            if version in specifier:
                return [Candidate(present.name, version, distribution=present)]
        links = [link for link in await self.finder.links(key) if link.is_pure and (self.ignore_python or link.suits_python())]
        links = [link for link in links if link.version in specifier]
        exact = any(part.operator in ("==", "===") and not part.is_prefix for part in specifier.specifiers)
        links = [link for link in links if exact or not link.yanked] or []
        final = [link for link in links if not link.version.is_prerelease]
        if not (self.pre or specifier.allows_prereleases()) and final:
            links = final
        seen = set()
        for link in sorted(links, key=lambda link: link.version, reverse=True):
            if link.version not in seen:
                seen.add(link.version)
                found.append(Candidate(link.name, link.version, link))
                found[-1].hashes = hashes
        return found

    def _direct(self, requirement, hashes):
        url, _, fragment = requirement.url.partition("#")
        name, _, value = fragment.partition("=")
        filename = url.partition("?")[0].rsplit("/", 1)[-1].replace("%2B", "+")
        link = Link(filename, url, {name: value} if value and name != "egg" else {})
        if not link.is_wheel:
            raise InstallationError(f"{filename or url} is no wheel: only wheels of pure Python (ending in -none-any.whl) can be installed here")
        if not link.is_pure:
            raise InstallationError(_compiled(filename))
        candidate = Candidate(link.name, link.version, link, direct=True)
        candidate.hashes = hashes
        return candidate

    async def _nothing_found(self, key, wants):
        """The error when no candidate is left: it says what there is instead."""
        requirement, parent = wants[0]
        what = " and ".join(dict.fromkeys(str(requirement) for requirement, _ in wants))
        by = f" (required by {_asker(parent)})" if parent else ""
        links = await self.finder.links(key)
        specifier = self.constraints.get(key, SpecifierSet())
        for other, _ in wants:
            specifier = specifier & other.specifier
        fitting = [link for link in links if link.version in specifier]
        if not links:
            return InstallationError(f"Could not find a version that satisfies the requirement {what}{by} (from versions: none)")
        if not fitting and len(wants) > 1 and all(any(link.version in other.specifier for link in links) for other, _ in wants):
            parts = (f"{other} ({f'required by {_asker(asker)}' if asker else 'asked for'})" for other, asker in wants)
            return InstallationError(f"These requirements contradict each other: {', '.join(dict.fromkeys(parts))}")
        if not fitting:
            versions = ", ".join(str(version) for version in sorted({link.version for link in links}))
            return InstallationError(f"Could not find a version that satisfies the requirement {what}{by} (from versions: {versions})")
        newest = max(link.version for link in fitting)
        files = [link for link in fitting if link.version == newest]
        if any(link.is_pure for link in files):
            needed = next((link.requires_python for link in files if link.is_pure and not link.suits_python()), None)
            if needed:
                own = "{0.major}.{0.minor}.{0.micro}".format(sys.version_info)
                return InstallationError(f"{requirement.name} {newest}{by} requires a different Python: {own} not in {needed!r}")
            return InstallationError(f"{requirement.name} {newest}{by} was withdrawn (yanked); name its version with == to install it all the same")
        wheels = [link.filename for link in files if link.is_wheel]
        if wheels:
            return InstallationError(_compiled(wheels[0], by))
        return InstallationError(
            f"{requirement.name} {newest}{by} has no wheel, only {files[0].filename}: packages are not built here; only wheels of pure Python can be installed"
        )


def _compiled(filename, by=""):
    return (
        f"{filename}{by} contains compiled code for another platform: only wheels of pure Python (ending in -none-any.whl) "
        "can be installed here; look for a package or a version without compiled code"
    )


def _asker(candidate):
    return "the requirements" if candidate is None else f"{candidate.name} {candidate.version}"
