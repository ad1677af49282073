# Writes the properties that module `unicodedata` has beyond those of `snakelet-text` (see src/modules/unicodedata/data.rs).
# Run by unicode_data.mjs.
import unicodedata

LAST = 0x110000
new, old = unicodedata, unicodedata.ucd_3_2_0


def varint(number):
    out = bytearray()
    while number >= 128:
        out.append(number & 127 | 128)
        number >>= 7
    out.append(number)
    return bytes(out)


def zigzag(number):
    return varint(number << 1 if number >= 0 else -number * 2 - 1)


def runs(values):
    found = []
    for value in values:
        if found and found[-1][1] == value:
            found[-1][0] += 1
        else:
            found.append([1, value])
    return found


class Numbers(dict):
    """Numbers values in the order of their first use."""

    def __missing__(self, key):
        self[key] = number = len(self)
        return number


def build():
    texts = Numbers()
    texts[""]

    def properties(database, char):
        return (
            texts[database.bidirectional(char)],
            database.combining(char),
            texts[database.east_asian_width(char)],
            database.mirrored(char),
        )

    def number(value):
        assert value is None or value == int(value)
        return 0 if value is None else int(value) + 1

    def changed(char):
        """What version 3.2 says of a character, or None if it is what this version says."""
        def facts(database):
            return (
                (texts[database.category(char)],)
                + properties(database, char)
                + (database.decimal(char, None), database.numeric(char, None))
            )

        then, now = facts(old), facts(new)
        assert old.digit(char, None) == new.digit(char, None)
        if then == now:
            return None
        return then[:-2] + (number(then[-2]), 0 if then[-1] == now[-1] else number(then[-1]) + 1)

    chars = [chr(code) for code in range(LAST)]
    records, old_records = Numbers(), Numbers()
    current = runs([records[properties(new, char)] for char in chars])
    changes = []
    for char in chars:
        then = changed(char)
        changes.append(None if then is None else old_records[then])
    changes = runs(changes)

    decompositions, excluded, corrections = [], [], []
    for char in chars:
        text = new.decomposition(char)
        if old.category(char) != "Cn":
            assert old.decomposition(char) == text
        elif text:
            assert old.decomposition(char) == ""
        if not text:
            continue
        parts = text.split()
        tag = parts.pop(0) if parts[0].startswith("<") else ""
        codes = [int(part, 16) for part in parts]
        decompositions.append((ord(char), texts[tag], codes))
        if not tag and len(codes) == 2 and new.normalize("NFC", char) != char:
            excluded.append(ord(char))
        if not tag and old.category(char) != "Cn" and old.normalize("NFD", char) != new.normalize("NFD", char):
            replacement = old.normalize("NFD", char)
            assert len(replacement) == 1
            corrections.append((ord(char), ord(replacement)))

    out = bytearray(varint(len(texts)))
    for text in texts:
        out += varint(len(text)) + text.encode()
    for table in (records, old_records):
        out += varint(len(table))
        for record in table:
            out += b"".join(map(varint, record))
    out += varint(len(current)) + b"".join(varint(count) for count, _ in current)
    out += b"".join(varint(value) for _, value in current)
    out += varint(len(changes)) + b"".join(varint(count) for count, _ in changes)
    out += b"".join(varint(0 if value is None else value + 1) for _, value in changes)
    out += varint(len(decompositions))
    before = 0
    for code, _, _ in decompositions:
        out += varint(code - before)
        before = code
    for _, tag, codes in decompositions:
        out += varint(tag) + varint(len(codes))
    before = 0
    for code, _, codes in decompositions:
        for part in codes:
            out += zigzag(part - before)
            before = part
    out += varint(len(excluded)) + b"".join(map(varint, excluded))
    out += varint(len(corrections)) + b"".join(varint(code) + varint(other) for code, other in corrections)
    return bytes(out)
