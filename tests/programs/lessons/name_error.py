message = "hello"
for i in range(3):
    print(mesage)
