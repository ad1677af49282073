# A small dialogue, as in lessons.
name = input("Name? ")
print(f"Hello {name}!")
total = 0
while True:
    text = input("Number (empty to stop): ")
    if not text:
        break
    try:
        total += int(text)
    except ValueError as error:
        print("not a number:", error)
        continue
    print("so far", total)
print("total", total)
a, b = map(int, input().split())
print(a * b)
rows = [input() for _ in range(2)]
print(rows)
print(input(5), input([1, 2]))
try:
    while True:
        print("got", repr(input("> ")))
except EOFError as error:
    print("EOF:", error)
