class InsufficientFunds(Exception):
    def __init__(self, needed, available):
        super().__init__(f"need {needed}, have {available}")
        self.missing = needed - available


class Account:
    count = 0

    def __init__(self, owner, balance=0):
        self.owner, self._balance = owner, balance
        self.history = []
        Account.count += 1

    @property
    def balance(self):
        return self._balance

    def deposit(self, amount):
        if amount <= 0:
            raise ValueError("amount must be positive")
        self._balance += amount
        self.history.append(("+", amount))

    def withdraw(self, amount):
        if amount > self._balance:
            raise InsufficientFunds(amount, self._balance)
        self._balance -= amount
        self.history.append(("-", amount))

    def __str__(self):
        return f"{self.owner}: {self.balance:.2f}"


class Savings(Account):
    rate = 0.05

    def add_interest(self):
        self.deposit(self.balance * self.rate)


a, b = Account("Ann", 100), Savings("Bob", 200)
a.withdraw(30); b.add_interest()
print(a, b, Account.count, a.history)
for action in (lambda: a.withdraw(500), lambda: a.deposit(-1), lambda: setattr(a, "balance", 5)):
    try:
        action()
    except InsufficientFunds as error:
        print("missing", error.missing, error)
    except (ValueError, AttributeError) as error:
        print(error)
print(sorted([a, b], key=lambda acc: -acc.balance)[0].owner)
b.withdraw(1000)
