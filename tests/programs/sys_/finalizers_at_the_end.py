# oracle: native
# What is left when a program ends is finalised: variables in their order, then circles.


class Noisy:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        print("del", self.name)


def numbers():
    try:
        yield 1
    finally:
        print("generator closed")


first = Noisy("first")
_private = Noisy("private")
circle = [Noisy("in a circle")]
circle.append(circle)
running = numbers()
next(running)
print("end")
