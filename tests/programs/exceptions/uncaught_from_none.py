def parse(text):
    try:
        return int(text)
    except ValueError:
        raise TypeError(f"not a number: {text}") from None


print(parse("5"))
try:
    parse("x")
except TypeError as error:
    error.add_note("while reading the table")
    error.add_note("line 3\nof the file")
    raise
