tasks = []


def add(text):
    tasks.append({"text": text, "done": False})


def done(text):
    tasks[int(text) - 1]["done"] = True


def show(_):
    for i, task in enumerate(tasks, 1):
        print(f"{i}. [{'x' if task['done'] else ' '}] {task['text']}")


commands = {"add": add, "done": done, "list": show}
while True:
    try:
        line = input("> ")
    except EOFError:
        print("bye")
        break
    name, _, rest = line.partition(" ")
    try:
        commands[name](rest)
    except KeyError:
        print(f"unknown command {name!r}")
    except (ValueError, IndexError) as error:
        print("error:", error)
