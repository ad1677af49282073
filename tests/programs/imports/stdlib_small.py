import bisect
import heapq
import keyword
import string
import textwrap

print(keyword.iskeyword("def"), keyword.iskeyword("x"), len(keyword.kwlist), keyword.softkwlist)
print(string.ascii_lowercase, string.digits, string.capwords("hello big world"), string.Template("$who likes ${what}").substitute(who="tim", what="kung pao"))
data = [1, 3, 5, 7]
print(bisect.bisect(data, 5), bisect.bisect_left(data, 5), bisect.insort(data, 4), data)
heap = []
for n in (5, 1, 8, 3):
    heapq.heappush(heap, n)
print([heapq.heappop(heap) for _ in range(4)], heapq.nlargest(2, [4, 9, 1]), heapq.nsmallest(2, [4, 9, 1], key=lambda x: -x), list(heapq.merge([1, 4], [2, 3])))
print(textwrap.fill("The quick brown fox jumps over the lazy dog", 20))
print(textwrap.dedent("""
    one
      two
    three""").strip(), textwrap.shorten("a long line of text", 12), textwrap.indent("a\nb", "> "), textwrap.wrap("x y z", 3))
