# A recursive-descent calculator.
class ParseError(Exception):
    pass


def tokenize(text):
    i = 0
    while i < len(text):
        c = text[i]
        if c.isspace():
            i += 1
        elif c.isdigit() or c == ".":
            j = i
            while j < len(text) and (text[j].isdigit() or text[j] == "."):
                j += 1
            number = text[i:j]
            yield ("num", float(number) if "." in number else int(number))
            i = j
        elif c in "+-*/^()":
            yield ("op", c)
            i += 1
        else:
            raise ParseError(f"unexpected {c!r} at {i}")
    yield ("end", None)


class Parser:
    def __init__(self, text):
        self.tokens = list(tokenize(text))
        self.pos = 0

    @property
    def current(self):
        return self.tokens[self.pos]

    def accept(self, *ops):
        kind, value = self.current
        if kind == "op" and value in ops:
            self.pos += 1
            return value

    def expression(self):
        value = self.term()
        while op := self.accept("+", "-"):
            right = self.term()
            value = value + right if op == "+" else value - right
        return value

    def term(self):
        value = self.factor()
        while op := self.accept("*", "/"):
            right = self.factor()
            value = value * right if op == "*" else value / right
        return value

    def factor(self):
        if self.accept("-"):
            return -self.factor()
        value = self.atom()
        if self.accept("^"):
            value **= self.factor()
        return value

    def atom(self):
        kind, value = self.current
        if kind == "num":
            self.pos += 1
            return value
        if self.accept("("):
            value = self.expression()
            if not self.accept(")"):
                raise ParseError("missing )")
            return value
        raise ParseError(f"unexpected {value}")


for text in ("1 + 2 * 3", "(1 + 2) * 3", "2 ^ 3 ^ 2", "-2 ^ 2", "10 / 4 - 1.5", "2 * (3 + (4 - 1)) / 3", "1 / 0", "2 +", "(1", "3 $ 4", ""):
    try:
        p = Parser(text)
        print(text, "=", p.expression())
    except (ParseError, ZeroDivisionError) as error:
        print(text, "->", type(error).__name__, error)
