secret, tries = 37, 0
while True:
    try:
        guess = int(input("Your guess: "))
    except ValueError:
        print("Please type a number.")
        continue
    tries += 1
    if guess < secret:
        print("Too low")
    elif guess > secret:
        print("Too high")
    else:
        print(f"Right after {tries} tries!")
        break
