from collections import deque, Counter, defaultdict, namedtuple, OrderedDict

stack = [3, 4, 5]
stack.append(6); stack.append(7)
print(stack.pop(), stack, stack.pop(), stack)
queue = deque(["Eric", "John"], maxlen=4)
queue.append("Terry"); queue.appendleft("First"); queue.append("Last")
print(queue, queue.popleft(), queue.pop(), len(queue), queue[0], "John" in queue)
queue.rotate(1); queue.extend("ab"); print(list(queue), queue.maxlen, deque([1, 2]) == deque([1, 2]))
c = Counter("abracadabra")
print(c.most_common(2), c["z"], c + Counter("aaa"), sum(c.values()), sorted(c.elements())[:4])
d = defaultdict(list)
for word in ["apple", "avocado", "bean"]:
    d[word[0]].append(word)
print(dict(d), d["zzz"], len(d))
Point = namedtuple("Point", "x y")
p = Point(1, y=2)
print(p, p.x, p[1], p._replace(x=5), p._asdict(), Point._fields, p == (1, 2), Point(*[3, 4]))
try:
    Point(1)
except TypeError as error:
    print(error)
try:
    p.x = 1
except AttributeError as error:
    print(error)
o = OrderedDict(a=1, b=2)
o.move_to_end("a"); print(o, list(o), o.popitem(last=False))
try:
    deque().pop()
except IndexError as error:
    print(error)
