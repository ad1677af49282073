def shift(text, n):
    out = []
    for ch in text:
        if ch.isalpha() and ch.isascii():
            base = ord("A") if ch.isupper() else ord("a")
            out.append(chr((ord(ch) - base + n) % 26 + base))
        else:
            out.append(ch)
    return "".join(out)


message = "Hello, World! äöü"
secret = shift(message, 3)
print(secret, shift(secret, -3), shift(message, 26) == message)
for n in range(26):
    if "world" in shift(secret, -n).lower():
        print("key", n)


def vigenere(text, key):
    shifts = [ord(k) - 97 for k in key]
    return "".join(shift(c, shifts[i % len(shifts)]) for i, c in enumerate(text))


print(vigenere("attackatdawn", "lemon"))
counts = {}
for ch in secret.lower():
    if ch.isalpha():
        counts[ch] = counts.get(ch, 0) + 1
print(sorted(counts.items(), key=lambda kv: (-kv[1], kv[0]))[:3])
