"""The commands of `pip`: their options, and what they print."""

import argparse
import hashlib
import json
import os
import shlex
import sys

from . import __version__
from ._index import PYPI, Finder, InstallationError
from ._requirements import InvalidRequirement, Requirement, canonical_name
from ._resolve import Resolver
from ._site import install_wheel, installed, site_packages, uninstall
from ._versions import Version


def main(args=None):
    args = sys.argv[1:] if args is None else list(args)
    parser = _parser()
    if not args:
        parser.print_help()
        return 0
    try:
        options = parser.parse_args(args)
    except SystemExit as end:
        return end.code or 0
    if not hasattr(options, "run"):
        parser.print_help()
        return 0
    try:
        return options.run(options) or 0
    except (InstallationError, InvalidRequirement) as error:
        print(f"ERROR: {error}", file=sys.stderr)
        return 1


def _parser():
    parser = argparse.ArgumentParser("pip", description="Installs packages of pure Python from wheels.")
    parser.add_argument("-V", "--version", action="version", version=f"pip {__version__} from {os.path.dirname(__file__)} (python {sys.version_info[0]}.{sys.version_info[1]})")
    commands = parser.add_subparsers(metavar="COMMAND", title="commands")

    def command(name, run, summary):
        added = commands.add_parser(name, help=summary, description=summary)
        added.set_defaults(run=run)
        added.add_argument("-q", "--quiet", action="count", default=0, help="print less")
        added.add_argument("-v", "--verbose", action="count", default=0, help=argparse.SUPPRESS)
        # What makes no difference here.
        for ignored in ("--disable-pip-version-check", "--no-cache-dir", "--no-input", "--no-color", "--isolated"):
            added.add_argument(ignored, action="store_true", help=argparse.SUPPRESS)
        return added

    def index(added):
        added.add_argument("-i", "--index-url", metavar="URL", help="the index of packages")
        added.add_argument("--extra-index-url", metavar="URL", action="append", default=[], help="another index")
        added.add_argument("--no-index", action="store_true", help="use --find-links only")
        added.add_argument("-f", "--find-links", metavar="PLACE", action="append", default=[], help="a folder or page with wheels")
        added.add_argument("--pre", action="store_true", help="take pre-releases too")
        added.add_argument("--trusted-host", action="append", help=argparse.SUPPRESS)

    install = command("install", _install, "Install packages.")
    index(install)
    install.add_argument("requirements", nargs="*", metavar="REQUIREMENT", help="NAME, NAME==VERSION, a URL or a path of a wheel")
    install.add_argument("-r", "--requirement", metavar="FILE", action="append", default=[], help="requirements, one a line")
    install.add_argument("-c", "--constraint", metavar="FILE", action="append", default=[], help="limits of versions")
    install.add_argument("-U", "--upgrade", action="store_true", help="take the newest version even if one is installed")
    install.add_argument("-t", "--target", metavar="FOLDER", help="install into this folder")
    install.add_argument("--no-deps", action="store_true", help="not what the packages need")
    install.add_argument("--force-reinstall", action="store_true", help="install what is installed already")
    install.add_argument("--require-hashes", action="store_true", help="refuse requirements without --hash")
    install.add_argument("--dry-run", action="store_true", help="only tell what would be installed")
    install.add_argument("--ignore-requires-python", action="store_true", help="do not look at the versions of Python that packages are for")
    for ignored in ("--user", "--break-system-packages", "--no-compile", "--prefer-binary", "--no-build-isolation", "--no-warn-script-location"):
        install.add_argument(ignored, action="store_true", help=argparse.SUPPRESS)
    for ignored in ("--only-binary", "--no-binary", "--root-user-action", "--progress-bar", "--upgrade-strategy"):
        install.add_argument(ignored, help=argparse.SUPPRESS)

    remove = command("uninstall", _uninstall, "Uninstall packages.")
    remove.add_argument("packages", nargs="*", metavar="NAME")
    remove.add_argument("-r", "--requirement", metavar="FILE", action="append", default=[], help="requirements, one a line")
    remove.add_argument("-y", "--yes", action="store_true", help="do not ask")
    remove.add_argument("--root-user-action", help=argparse.SUPPRESS)
    remove.add_argument("--break-system-packages", action="store_true", help=argparse.SUPPRESS)

    listing = command("list", _list, "List installed packages.")
    listing.add_argument("--format", choices=["columns", "freeze", "json"], default="columns")
    listing.add_argument("--path", action="append", metavar="FOLDER")

    freeze = command("freeze", _freeze, "Output installed packages in the format of requirements.")
    freeze.add_argument("--all", action="store_true", help=argparse.SUPPRESS)
    freeze.add_argument("--path", action="append", metavar="FOLDER")

    show = command("show", _show, "Show information about installed packages.")
    show.add_argument("packages", nargs="+", metavar="NAME")
    show.add_argument("-f", "--files", action="store_true", help="list the files, too")

    command("check", _check, "Verify that installed packages have what they need.")

    versions = command("index", _index, "What versions of a package there are.")
    index(versions)
    versions.add_argument("action", choices=["versions"])
    versions.add_argument("package", metavar="NAME")

    hashes = command("hash", _hash, "Compute hashes of files.")
    hashes.add_argument("files", nargs="+", metavar="FILE")
    hashes.add_argument("-a", "--algorithm", choices=["sha256", "sha384", "sha512"], default="sha256")
    help_command = command("help", lambda options: _help(parser, commands, options), "Show help for commands.")
    help_command.add_argument("command", nargs="?")
    return parser


def _help(parser, commands, options):
    if options.command is None:
        parser.print_help()
        return 0
    if options.command not in commands.choices:
        print(f'ERROR: unknown command "{options.command}"', file=sys.stderr)
        return 1
    commands.choices[options.command].print_help()


def run_coroutine(coroutine):
    """The result of a coroutine, waited for where it stands: in a page it waits for promises."""
    try:
        from pyodide.ffi import run_sync
    except ImportError:
        # Nothing waits in it: what is fetched is fetched by urllib, which holds the thread.
        try:
            coroutine.send(None)
        except StopIteration as end:
            return end.value
        raise RuntimeError("a coroutine of pip waited")
    return run_sync(coroutine)


def finder_for(index_url=None, extra_index_urls=(), no_index=False, find_links=()):
    """A finder with pip's defaults: the variables PIP_INDEX_URL and PIP_EXTRA_INDEX_URL, else PyPI."""
    urls = []
    if not no_index:
        urls.append(index_url or os.environ.get("PIP_INDEX_URL") or PYPI)
        urls += extra_index_urls or os.environ.get("PIP_EXTRA_INDEX_URL", "").split()
    return Finder(urls, list(find_links) or os.environ.get("PIP_FIND_LINKS", "").split())


def requirement_of(text, base=None):
    """A requirement from the command line or a file: also a path or URL of a wheel."""
    path = text if base is None else os.path.join(base, text)
    is_path = text.endswith((".whl", ".tar.gz", ".zip")) and "@" not in text or text.startswith((".", "/")) or "://" in text.partition("@")[0]
    if not is_path:
        return Requirement(text)
    if "://" not in text and os.path.isdir(path):
        raise InstallationError(f"{text} is a folder: packages are not built here; only wheels of pure Python can be installed")
    if "://" not in text and not os.path.exists(path):
        raise InstallationError(f"Could not find the file {text}")
    filename = text.partition("#")[0].partition("?")[0].rsplit("/", 1)[-1]
    name = filename.split("-")[0] if "-" in filename else "package"
    requirement = Requirement(f"{name} @ x")
    requirement.url = text if "://" in text else os.path.abspath(path)
    return requirement


def read_requirements(file, options, constraint=False):
    """The requirements in a file; its options go to the given ones."""
    try:
        with open(file, encoding="utf-8") as stream:
            text = stream.read()
    except OSError as error:
        raise InstallationError(f"Could not open requirements file: {error}") from None
    found = []
    for line in text.replace("\\\n", " ").splitlines():
        line = line.strip()
        if line.startswith("#") or not line:
            continue
        line = line.split(" #", 1)[0].strip()
        if line.startswith("-"):
            found += _option_line(line, file, options)
            continue
        line, *hashes = line.split(" --hash=")
        requirement = requirement_of(line.strip(), os.path.dirname(file))
        requirement.hashes = [tuple(value.strip().split(":", 1)) for value in hashes]
        found.append(requirement)
    return found


def _option_line(line, file, options):
    words = shlex.split(line)
    name, _, value = words[0].partition("=")
    value = value or (words[1] if len(words) > 1 else "")
    folder = os.path.dirname(file)
    match name:
        case "-r" | "--requirement":
            return read_requirements(os.path.join(folder, value), options)
        case "-c" | "--constraint":
            options.constraint.append(os.path.join(folder, value))
        case "-i" | "--index-url":
            options.index_url = value
        case "--extra-index-url":
            options.extra_index_url.append(value)
        case "-f" | "--find-links":
            options.find_links.append(value)
        case "--no-index":
            options.no_index = True
        case "--pre":
            options.pre = True
        case "--require-hashes":
            options.require_hashes = True
        case "-e" | "--editable":
            raise InstallationError(f"{value} is to be built: only wheels of pure Python can be installed here")
    return []


async def install_candidates(finder, chosen, asked, target, say):
    """Puts the files of candidates in place; answers what was installed."""
    present = installed([target])
    done = []
    for key, candidate in chosen.items():
        if candidate.link is None:
            continue
        contents = await finder.contents(candidate.link, candidate.hashes)
        if key in present:
            say(f"  Uninstalling {present[key].name}-{present[key].version}")
            uninstall(present[key])
        install_wheel(candidate.link.filename, contents, target, requested=key in asked, url=candidate.link.url if candidate.direct else None)
        done.append(candidate)
    return done


def _install(options):
    requirements = [requirement_of(text) for text in options.requirements]
    for file in options.requirement:
        requirements += read_requirements(file, options)
    if not requirements:
        print("ERROR: You must give at least one requirement to install", file=sys.stderr)
        return 1
    constraints = [requirement for file in options.constraint for requirement in read_requirements(file, options, True)]
    hashed = [requirement for requirement in requirements if requirement.hashes]
    if hashed or options.require_hashes:
        without = [str(requirement) for requirement in requirements if not requirement.hashes]
        if without:
            raise InstallationError(f"Hashes are required, and these requirements have none: {', '.join(without)}")
    say = (lambda text: None) if options.quiet else print
    target = os.path.abspath(options.target) if options.target else site_packages()
    own = installed([target] if options.target else None)
    finder = finder_for(options.index_url, options.extra_index_url, options.no_index, options.find_links)
    resolver = Resolver(
        finder, own, pre=options.pre, upgrade=options.upgrade, reinstall=options.force_reinstall, deps=not options.no_deps,
        constraints=constraints, ignore_python=options.ignore_requires_python,
    )

    async def work():
        chosen = await resolver.resolve(requirements)
        if hashed:
            loose = [candidate.name for candidate in chosen.values() if candidate.link is not None and not candidate.hashes]
            if loose:
                raise InstallationError(f"Hashes are required, and the requirements have none for {', '.join(loose)}")
        for requirement in requirements:
            if not requirement.applies():
                say(f"Ignoring {requirement.name}: markers {str(requirement.marker)!r} don't match your environment")
            elif chosen[requirement.key].link is None:
                candidate = chosen[requirement.key]
                say(f"Requirement already satisfied: {requirement} in {candidate.distribution.locate_file('')} ({candidate.version})")
        fresh = [candidate for candidate in chosen.values() if candidate.link is not None]
        for candidate in fresh:
            say(f"Collecting {candidate.name}=={candidate.version}")
        if options.dry_run:
            if fresh:
                print("Would install", " ".join(sorted(f"{candidate.name}-{candidate.version}" for candidate in fresh)))
            return
        done = await install_candidates(finder, chosen, {requirement.key for requirement in requirements}, target, say)
        if done:
            say("Successfully installed " + " ".join(sorted(f"{candidate.name}-{candidate.version}" for candidate in done)))

    run_coroutine(work())


def _uninstall(options):
    names = list(options.packages)
    for file in options.requirement:
        names += [requirement.name for requirement in read_requirements(file, options)]
    if not names:
        print("ERROR: You must give at least one requirement to uninstall", file=sys.stderr)
        return 1
    present = installed()
    for name in names:
        distribution = present.get(canonical_name(name))
        if distribution is None:
            print(f"WARNING: Skipping {name} as it is not installed.", file=sys.stderr)
            continue
        title = f"{distribution.name}-{distribution.version}"
        print(f"Found existing installation: {distribution.name} {distribution.version}")
        print(f"Uninstalling {title}:")
        if not options.yes and input("Proceed (Y/n)? ").strip().lower() not in ("", "y"):
            continue
        uninstall(distribution)
        print(f"  Successfully uninstalled {title}")


def _list(options):
    rows = [(distribution.name, distribution.version) for distribution in installed(options.path).values()]
    if options.format == "json":
        print(json.dumps([{"name": name, "version": version} for name, version in rows]))
    elif options.format == "freeze":
        for name, version in rows:
            print(f"{name}=={version}")
    elif rows:
        width = max(len("Package"), *(len(name) for name, _ in rows))
        other = max(len("Version"), *(len(version) for _, version in rows))
        print(f"{'Package':{width}} Version")
        print("-" * width, "-" * other)
        for name, version in rows:
            print(f"{name:{width}} {version}")


def _freeze(options):
    for distribution in installed(options.path).values():
        url = distribution.read_text("direct_url.json")
        print(f"{distribution.name} @ {json.loads(url)['url']}" if url else f"{distribution.name}=={distribution.version}")


def _show(options):
    present = installed()
    missing = [name for name in options.packages if canonical_name(name) not in present]
    if missing:
        print(f"WARNING: Package(s) not found: {', '.join(missing)}", file=sys.stderr)
    found = [present[canonical_name(name)] for name in options.packages if canonical_name(name) in present]
    for at, distribution in enumerate(found):
        if at:
            print("---")
        metadata = distribution.metadata
        key = canonical_name(distribution.name)
        needs = sorted({Requirement(line).name for line in distribution.requires or () if Requirement(line).applies()}, key=str.lower)
        users = [other.name for other in present.values() if any(Requirement(line).key == key and Requirement(line).applies() for line in other.requires or ())]
        home = metadata.get("Home-page") or next((line.split(",", 1)[1].strip() for line in metadata.get_all("Project-URL") or () if line.lower().startswith("home")), "")
        for label, value in [
            ("Name", distribution.name), ("Version", distribution.version), ("Summary", metadata.get("Summary") or ""), ("Home-page", home),
            ("Author", metadata.get("Author") or ""), ("Author-email", metadata.get("Author-email") or ""),
            ("License", metadata.get("License-Expression") or metadata.get("License") or ""),
            ("Location", str(distribution.locate_file("")).rstrip("/")), ("Requires", ", ".join(needs)), ("Required-by", ", ".join(users)),
        ]:
            print(f"{label}: {value}")
        if options.files:
            print("Files:")
            for file in distribution.files or ():
                print(f"  {file}")
    return 0 if found else 1


def _check(options):
    present = installed()
    broken = 0
    for distribution in present.values():
        for requirement in map(Requirement, distribution.requires or ()):
            if not requirement.applies():
                continue
            other = present.get(requirement.key)
            if other is None:
                print(f"{distribution.name} {distribution.version} requires {requirement.name}, which is not installed.")
                broken = 1
            elif Version(other.version) not in requirement.specifier:
                print(f"{distribution.name} {distribution.version} has requirement {requirement}, but you have {other.name} {other.version}.")
                broken = 1
    if not broken:
        print("No broken requirements found.")
    return broken


def _index(options):
    finder = finder_for(options.index_url, options.extra_index_url, options.no_index, options.find_links)
    links = run_coroutine(finder.links(canonical_name(options.package)))
    versions = sorted({link.version for link in links if link.is_pure and link.suits_python()}, reverse=True)
    versions = [version for version in versions if options.pre or not version.is_prerelease] or versions
    if not versions:
        raise InstallationError(f"No matching distribution found for {options.package}")
    print(f"{options.package} ({versions[0]})")
    print("Available versions:", ", ".join(map(str, versions)))


def _hash(options):
    for path in options.files:
        try:
            with open(path, "rb") as file:
                digest = hashlib.new(options.algorithm, file.read()).hexdigest()
        except OSError as error:
            raise InstallationError(str(error)) from None
        print(f"{path}:\n--hash={options.algorithm}:{digest}")
