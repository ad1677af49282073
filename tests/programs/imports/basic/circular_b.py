import circular_a

saw = hasattr(circular_a, "done")
try:
    from circular_a import done
except ImportError as error:
    print(str(error).split(" (")[0])
