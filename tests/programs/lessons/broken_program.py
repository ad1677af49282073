# What a beginner's program looks like before it works: the traceback is the lesson.
def average(numbers):
    total = 0
    for n in numbers:
        total = total + n
    return total / len(numbers)


def report(students):
    for name, marks in students.items():
        print(name, average(marks))


report({"Ann": [1, 2, 3], "Bob": [4, "5"], "Cid": []})
