# A JSON parser by hand, with good error messages.
def parse(text):
    value, i = parse_value(text, skip(text, 0))
    i = skip(text, i)
    if i != len(text):
        raise ValueError(f"extra text at {i}")
    return value


def skip(text, i):
    while i < len(text) and text[i] in " \n\t":
        i += 1
    return i


def parse_value(text, i):
    if i >= len(text):
        raise ValueError("unexpected end")
    match text[i]:
        case "{":
            result, i = {}, skip(text, i + 1)
            while text[i] != "}":
                key, i = parse_value(text, i)
                i = skip(text, i)
                if text[i] != ":":
                    raise ValueError(f"expected : at {i}")
                result[key], i = parse_value(text, skip(text, i + 1))
                i = skip(text, i)
                if text[i] == ",":
                    i = skip(text, i + 1)
            return result, i + 1
        case "[":
            result, i = [], skip(text, i + 1)
            while text[i] != "]":
                item, i = parse_value(text, i)
                result.append(item)
                i = skip(text, i)
                if text[i] == ",":
                    i = skip(text, i + 1)
            return result, i + 1
        case '"':
            out, i = [], i + 1
            while text[i] != '"':
                if text[i] == "\\":
                    i += 1
                    out.append({"n": "\n", "t": "\t", "u": None}.get(text[i], text[i]))
                    if out[-1] is None:
                        out[-1] = chr(int(text[i + 1:i + 5], 16))
                        i += 4
                else:
                    out.append(text[i])
                i += 1
            return "".join(out), i + 1
        case c if c in "-0123456789":
            j = i + 1
            while j < len(text) and text[j] in "0123456789.eE+-":
                j += 1
            number = text[i:j]
            return (float(number) if any(c in number for c in ".eE") else int(number)), j
        case _:
            for word, value in (("true", True), ("false", False), ("null", None)):
                if text.startswith(word, i):
                    return value, i + len(word)
            raise ValueError(f"unexpected {text[i]!r} at {i}")


print(parse('{"a": [1, 2.5, -3e2], "b": {"c": null, "d": true}, "e": "x\\n\\u00e9\\"q", "f": []}'))
for bad in ("", "[1 2", "{1}", "tru", "[1] x", '"abc'):
    try:
        print(parse(bad))
    except (ValueError, IndexError) as error:
        print(repr(bad), "->", type(error).__name__, error)


def dump(v):
    match v:
        case None: return "null"
        case bool(): return str(v).lower()
        case int() | float(): return repr(v)
        case str(): return '"' + v.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
        case [*items]: return "[" + ", ".join(map(dump, items)) + "]"
        case dict(): return "{" + ", ".join(f"{dump(k)}: {dump(x)}" for k, x in v.items()) + "}"
        case _: raise TypeError(f"cannot dump {type(v).__name__}")


print(dump({"a": [1, None, True, 'q"'], "b": 1.5}), parse(dump(["x\n", {"k": []}])))
dump({1, 2})
