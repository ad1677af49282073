# re: random patterns over a small alphabet, with all functions; wrong patterns with their errors' places.
import re
import warnings

warnings.simplefilter("ignore")
ATOMS = ["a", "b", "c", "A", ".", "\\d", "\\w", "\\s", "\\W", "[ab]", "[^a]", "[a-c]", "[\\d_]", "\\b", "\\B", "^", "$", "\\A", "\\Z", "\\z", "1", " ",
         "\u00e9", "\\.", "\\n", "[]a]", "[^]]", "[a\\]]", "x", "ab", "\\x61", "\\u00e9", "(?:)", "()", "\\N{LATIN SMALL LETTER A}"]
SUBJECT = "abcAB1 _\u00e9\u00c9\nx.2\u0130\u017fs"


def pattern(r, depth):
    kind = r.below(14 if depth else 3)
    if kind < 3:
        return r.choice(ATOMS)
    if kind < 6:
        return "".join([pattern(r, depth - 1) for _ in range(1 + r.below(3))])
    if kind == 6:
        return "(%s|%s)" % (pattern(r, depth - 1), pattern(r, depth - 1))
    if kind == 7:
        return "%s(%s)" % (r.choice(["", "", "\\1"]), pattern(r, depth - 1))
    if kind == 8:
        name = r.choice("nm")
        return "(?P<%s>%s)%s" % (name, pattern(r, depth - 1), r.choice(["", "", "(?P=%s)" % name, "(?(%s)a|b)" % name]))
    if kind == 9:
        return "(?%s%s)" % (r.choice(["=", "!", "<=", "<!", ">", ":", "i:", "-i:", "s-i:", "a:", "m:", "x:"]), pattern(r, depth - 1))
    if kind == 10:
        return "(%s)%s(?(1)%s)" % (pattern(r, depth - 1), r.choice(["?", "*", ""]), pattern(r, depth - 1))
    quantifier = r.choice(["*", "+", "?", "{2}", "{1,2}", "{,2}", "{1,}", "{0}"]) + r.choice(["", "", "?", "+"])
    return "(?:%s)%s" % (pattern(r, depth - 1), quantifier) if r.flip() else r.choice(ATOMS[:12]) + quantifier


def damaged(r, text):
    at = r.below(len(text) + 1)
    piece = r.choice(["(", ")", "[", "]", "*", "+", "?", "{", "}", "\\", "(?", "(?P", "(?P<", "(?P=x)", "(?#", "\\8", "[z-a]", "{3,1}", "(?<", "|", "\\q",
                      "(?z)", "(?i)", "(?-i)", "(?L)", "\\x1", "\\u12", "\\N{no}", "(?(9)a)", "(?(x)", "(?P<1>a)", "(?P<n>a)", "\\400", "[\\q]", "[a-\\d]",
                      "(?i", "(?i-", "(?>", "**", "a{99999999999}", "--", "[[", "&&"])
    return text[:at] + piece + text[at + r.below(2):]


def describe(match):
    return match and (match.span(), match.groups(), match.groupdict(), match.lastindex, match.lastgroup, match.regs)


def case(r):
    text = pattern(r, 3)
    if r.below(4) == 0:
        text = damaged(r, text)
    flags = 0
    for flag in [re.I, re.M, re.S, re.X, re.A]:
        if r.below(5) == 0:
            flags |= flag
    subject = r.text(SUBJECT, 14)
    if r.below(6) == 0:
        try:
            text, subject = text.encode("latin-1"), subject.encode("latin-1", "ignore")
        except UnicodeEncodeError:
            pass
    try:
        compiled = re.compile(text, flags)
    except Exception as error:
        return "compile(%r, %d) %s: %s %s" % (text, flags, type(error).__name__, error, getattr(error, "pos", None))
    name = r.choice(["match", "fullmatch", "search", "search", "findall", "finditer", "split", "sub", "subn", "scanner", "positions"])
    shown = "%r %d %s %r" % (text, flags, name, subject)
    if name in ("match", "fullmatch", "search"):
        return "%s %s" % (shown, attempt(lambda: describe(getattr(compiled, name)(subject))))
    if name == "positions":
        start, end = r.below(12) - 2, r.below(16)
        return "%s %d %d %s" % (shown, start, end, attempt(lambda: [describe(compiled.search(subject, start, end)), compiled.findall(subject, start, end)]))
    if name == "findall":
        return "%s %s %d %r" % (shown, attempt(compiled.findall, subject), compiled.groups, dict(compiled.groupindex))
    if name == "finditer":
        return "%s %s" % (shown, attempt(lambda: [describe(match) for match in compiled.finditer(subject)]))
    if name == "split":
        return "%s %s" % (shown, attempt(compiled.split, subject, r.below(3)))
    if name == "scanner":
        return "%s %s %r" % (shown, attempt(lambda: [describe(match) for match in iter(compiled.scanner(subject).match, None)]), compiled.flags)
    template = r.choice(["<\\g<0>>", "x", "\\1", "[\\1]", "\\g<n>", "\\g<1>\\2", "\\n", "\\\\", "\\q", "\\g<", "\\g<>", "\\99", "\\g<9>", "", "\\101", "\\0"])
    if isinstance(subject, bytes):
        template = template.encode()
    return "%s %r %s" % (shown, template, attempt(getattr(compiled, name), template, subject, r.below(3)))
