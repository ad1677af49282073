"""A helper module."""
print("loading", __name__)
VALUE = 42
counter = 0


def greet(name):
    return f"hello {name} from {__name__}"


if __name__ == "__main__":
    print("run as a program")
