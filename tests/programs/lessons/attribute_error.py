class Robot:
    def __init__(self, name):
        self.name = name

    def greet(self):
        return "I am " + self.nmae


print(Robot("R2").greet())
