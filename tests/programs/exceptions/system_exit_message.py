import sys

print("before")
try:
    sys.exit()
except SystemExit as error:
    print(repr(error), error.code)
try:
    exit(2)
except SystemExit as error:
    print(repr(error.code))
try:
    raise SystemExit("text")
finally:
    print("cleanup")
