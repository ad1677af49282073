text = """It was the best of times, it was the worst of times, it was the age of wisdom,
it was the age of foolishness, it was the epoch of belief..."""
words = "".join(c if c.isalpha() or c.isspace() else " " for c in text).lower().split()
counts = {}
for word in words:
    counts[word] = counts.get(word, 0) + 1
for word, n in sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:5]:
    print(f"{word:<8}{n:>3} {'*' * n}")
print(len(words), len(set(words)), max(words, key=len), sum(map(len, words)) / len(words))
by_length = {}
for word in sorted(set(words)):
    by_length.setdefault(len(word), []).append(word)
print({k: by_length[k] for k in sorted(by_length)})
lines = text.splitlines()
print([len(line) for line in lines], [line.count("it") for line in lines], text.title()[:20])


def is_palindrome(s):
    s = [c.lower() for c in s if c.isalnum()]
    return s == s[::-1]


print([is_palindrome(s) for s in ("A man, a plan, a canal: Panama", "hello", "", "Was it a car or a cat I saw?")])
groups = {}
for w in ["listen", "silent", "enlist", "google", "elgoog", "abc"]:
    groups.setdefault("".join(sorted(w)), []).append(w)
print([g for g in groups.values() if len(g) > 1])


def rle(s):
    out, i = [], 0
    while i < len(s):
        j = i
        while j < len(s) and s[j] == s[i]:
            j += 1
        out.append(f"{s[i]}{j - i}")
        i = j
    return "".join(out)


print(rle("aaabbbccd"), rle(""))
