# Every method of bytes with hostile arguments: the exception and its wording, never a crash.
class Odd:
    def __repr__(self):
        return "Odd"


def text(value):
    shown = repr(value)
    if " at 0x" in shown:
        shown = shown[:shown.index(" at 0x")]
    return shown if len(shown) < 80 else shown[:40] + "..." + shown[-20:]


ARGUMENTS = [(), (None,), (-1,), (0,), (1,), (2 ** 70,), (-2 ** 70,), (1.5,), ("",), ("ab",), (b"a",), ([],), ((),), ({},), (Odd(),), (1, 2), ("a", "b"), (None, None), ("a", 1), (1, "a"), ([], []), (1, 2, 3), ("a", "b", "c", "d")]
SUBJECTS = [b"abc"]
SKIP = {"popitem", "pop", "clear", "release", "toreadonly", "format_map", "copy", "from_number"}
for subject in SUBJECTS:
    for name in sorted(n for n in dir(type(subject)) if not n.startswith("_") and n not in SKIP):
        for arguments in ARGUMENTS:
            fresh = subject.copy() if hasattr(subject, "copy") else subject
            attribute = getattr(fresh, name)
            if not callable(attribute):
                continue
            try:
                result = text(attribute(*arguments))
            except Exception as error:
                result = f"{type(error).__name__}: {error}"
            print(f"{type(subject).__name__}.{name}{arguments!r} => {result}")
