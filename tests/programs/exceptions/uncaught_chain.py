class DatabaseError(Exception):
    pass


def connect():
    raise ConnectionError("no route")


def load():
    try:
        connect()
    except ConnectionError as error:
        raise DatabaseError("cannot load") from error


try:
    load()
except DatabaseError:
    print("handling")
    {}["missing"]
