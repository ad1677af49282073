ages = {"Ann": 30}
for name in ("Ann", "Bob"):
    try:
        print(name, ages[name])
    except KeyError as error:
        print("no entry for", error)
for text in ("12", "twelve", "1.5", " 7 "):
    try:
        print(int(text))
    except ValueError as error:
        print(error)
for index in (0, 5, -1, -9):
    try:
        print([1, 2, 3][index])
    except IndexError as error:
        print(index, error)
print(int(input("Number: ")) + 1)
