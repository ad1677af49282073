# An AttributeError that __getattr__ or __getattribute__ raises is about the attribute asked for, unless it says otherwise.
def about(error):
    obj = error.obj
    return error.args, error.name, type(obj).__name__


class Bare:
    near = 1

    def __getattr__(self, name):
        raise AttributeError


class Worded:
    def __getattr__(self, name):
        raise AttributeError("no", 5)


class Named:
    def __getattr__(self, name):
        raise AttributeError("no", name="other")


class Owned:
    def __getattr__(self, name):
        raise AttributeError("no", obj=5)


class Whole:
    def __getattribute__(self, name):
        raise AttributeError(name)


class Both(Whole):
    def __getattr__(self, name):
        raise AttributeError("again")


class Other:
    def __getattr__(self, name):
        raise LookupError(name)


class Inner:
    def __getattr__(self, name):
        return Bare().deep


for class_ in (Bare, Worded, Named, Owned, Whole, Both, Other, Inner):
    try:
        class_().wanted
    except AttributeError as error:
        print(class_.__name__, *about(error))
    except LookupError as error:
        print(class_.__name__, repr(error))
    try:
        getattr(class_(), "wan" + "ted")
    except AttributeError as error:
        print(class_.__name__, *about(error))
    except LookupError as error:
        print(class_.__name__, repr(error))
print(hasattr(Bare(), "x"), getattr(Bare(), "y", 1))
Bare().nears
