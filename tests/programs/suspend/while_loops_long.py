# Long plain loops: many slices of fuel.
total = 0
i = 0
while i < 3000:
    if i % 3 == 0:
        i += 1
        continue
    total += i * i
    i += 1
print(total)
print(sum(range(5000)), sum(x * x for x in range(1000)))
print(len([x for x in range(2000) if x % 7 == 0]))
text = ""
for n in range(500):
    text += str(n)
print(len(text), text[:20])
seen = {}
for n in range(1000):
    seen[n % 37] = seen.get(n % 37, 0) + 1
print(len(seen), seen[0], seen[36])
print(sorted(range(300), key=lambda n: (n * 7919) % 301)[:10])
