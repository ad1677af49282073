# Template strings: the parts are kept apart.
name, n = "World", 5
t = t"Hello {name}! {n + 1:>4} {n!r}"
print(type(t).__name__, t.strings, t.values)
for part in t.interpolations:
    print(part.value, part.expression, part.conversion, repr(part.format_spec))
for part in t:
    print(part if isinstance(part, str) else f"<{part.expression}={part.value}>", end="|")
print()
print((t"" ).strings, t"a" .strings, (t"a" + t"{n}b").strings, t"{n}{n}".strings)
print(repr(t"x{n=}"), t"{n=}".strings)


def render(template):
    return "".join(p if isinstance(p, str) else format(p.value, p.format_spec).upper() for p in template)


print(render(t"say {name} {n:03}"))
try:
    t"a" + "b"
except TypeError as error:
    print(error)
