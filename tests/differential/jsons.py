# json: values to text with all options, texts to values, damaged texts with the errors' places.
import json

LETTERS = "ab\u00e9\u4e2d\U0001f600\"\\/\b\n\t\x00\x1f\x7f\u2028\ud800 "


def value_from(r, depth):
    kind = r.below(10 if depth else 6)
    if kind == 0:
        return r.choice([None, True, False])
    if kind == 1:
        return integer_from(r, 80)
    if kind == 2:
        return float_from(r)
    if kind < 6:
        return r.text(LETTERS, 8)
    if kind < 8:
        items = [value_from(r, depth - 1) for _ in range(r.below(5))]
        return items if r.below(4) else tuple(items)
    keys = [r.text(LETTERS, 4), r.below(10), None, True, float_from(r), "k", "key", (1,), b"x"]
    return {r.choice(keys if r.below(4) == 0 else keys[:1] + keys[5:7]): value_from(r, depth - 1) for _ in range(r.below(5))}


def damaged(r, text):
    for _ in range(1 + r.below(2)):
        at = r.below(len(text) + 1)
        kind = r.below(4)
        if kind == 0:
            text = text[:at] + text[at + 1 + r.below(3):]
        elif kind == 1:
            text = text[:at]
        else:
            piece = r.choice(["{", "}", "[", "]", ",", ":", "\"", "\\", "\\u12", "\\ud83d", "\\x", "1", ".", "e5", "-", "NaN", "Infinity", "nul",
                              " ", "\n", "\x00", "//", "'", "\ufeff", "true", "0x", "01"])
            text = text[:at] + piece + text[at + (kind == 2):]
    return text


def case(r):
    value = value_from(r, 3)
    options = {}
    if r.flip():
        options["indent"] = r.choice([None, 0, 1, 4, "\t", "--"])
    if r.below(4) == 0:
        options["separators"] = r.choice([(",", ":"), (", ", ": "), (";", "=")])
    for name in ["ensure_ascii", "sort_keys", "skipkeys", "allow_nan"]:
        if r.below(4) == 0:
            options[name] = r.flip()
    if r.below(6) == 0:
        options["default"] = lambda other: "<%s>" % type(other).__name__
    try:
        text = json.dumps(value, **options)
    except Exception as error:
        return "dumps(%r) %s: %s %s" % (value, type(error).__name__, error, getattr(error, "__notes__", None))
    kind = r.below(3)
    if kind == 0:
        return "%s %s" % (text, attempt(json.loads, text))
    if kind == 1:
        text = damaged(r, text)
    hooks = {}
    if r.below(4) == 0:
        hooks["parse_float"] = str
    if r.below(4) == 0:
        hooks["parse_int"] = lambda digits: "i" + digits
    if r.below(4) == 0:
        hooks["object_pairs_hook"] = list
    if r.below(6) == 0:
        hooks["parse_constant"] = lambda name: "c" + name
    if r.below(4) == 0:
        hooks["strict"] = False
    if r.below(4) == 0:
        return "%r raw %s" % (text, attempt(json.JSONDecoder().raw_decode, text, r.below(4)))
    return "%r %s" % (text, attempt(lambda: json.loads(text, **hooks)))
