def f(a):
    try:
        a()
    except* ValueError as e:
        print(e)
    except* (TypeError, KeyError):
        pass
    return 1
