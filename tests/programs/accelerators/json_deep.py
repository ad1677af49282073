# oracle: native
import json
def deep(text):
    try:
        json.loads(text)
    except RecursionError as e:
        print("RecursionError")
deep('[' * 100000); deep('{"a":' * 100000)
o = []
for i in range(100000): o = [o]
try: json.dumps(o)
except RecursionError: print("RecursionError")
