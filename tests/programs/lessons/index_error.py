numbers = [10, 20, 30]
i = 0
while True:
    print(numbers[i])
    i = i + 1
