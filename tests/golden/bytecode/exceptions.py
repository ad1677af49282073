def f(x):
    try:
        return 1 / x
    except ZeroDivisionError as error:
        raise ValueError("zero") from error
    except (TypeError, KeyError):
        pass
    else:
        print("else")
    finally:
        print("done")
    with open("a") as a, open("b"):
        a.read()
