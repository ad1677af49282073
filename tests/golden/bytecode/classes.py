class Point:
    """A point."""

    x: int = 0

    def __init__(self, x):
        self.x = x

    @property
    def double(self):
        return self.x * 2


class Sub(Point, flag=True):
    def __init__(self):
        super().__init__(5)
