def f(a):
    try:
        a()
    except ValueError:
        return 1
    except (TypeError, KeyError) as e:
        print(e)
        raise
    except:
        raise X from None
    else:
        return 2
    finally:
        print('end')
