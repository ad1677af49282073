def bubble(a):
    a = a[:]
    for i in range(len(a)):
        swapped = False
        for j in range(len(a) - 1 - i):
            if a[j] > a[j + 1]:
                a[j], a[j + 1] = a[j + 1], a[j]
                swapped = True
        if not swapped:
            break
    return a


def quick(a):
    if len(a) < 2:
        return a
    pivot, *rest = a
    return quick([x for x in rest if x < pivot]) + [pivot] + quick([x for x in rest if x >= pivot])


def merge_sort(a):
    if len(a) < 2:
        return a
    mid = len(a) // 2
    left, right, out = merge_sort(a[:mid]), merge_sort(a[mid:]), []
    i = j = 0
    while i < len(left) and j < len(right):
        if left[i] <= right[j]:
            out.append(left[i]); i += 1
        else:
            out.append(right[j]); j += 1
    return out + left[i:] + right[j:]


def insertion(a):
    a = a[:]
    for i in range(1, len(a)):
        x, j = a[i], i
        while j and a[j - 1] > x:
            a[j] = a[j - 1]
            j -= 1
        a[j] = x
    return a


def heap(a):
    a = a[:]

    def sift(i, n):
        while (c := 2 * i + 1) < n:
            if c + 1 < n and a[c + 1] > a[c]:
                c += 1
            if a[i] >= a[c]:
                return
            a[i], a[c] = a[c], a[i]
            i = c

    for i in reversed(range(len(a) // 2)):
        sift(i, len(a))
    for n in range(len(a) - 1, 0, -1):
        a[0], a[n] = a[n], a[0]
        sift(0, n)
    return a


data = [(i * 37 + 11) % 101 for i in range(60)]
for f in (bubble, quick, merge_sort, insertion, heap):
    print(f.__name__, f(data) == sorted(data), f([]), f([3, 1, 2]), f(list("hello")))


def binary_search(a, x):
    low, high = 0, len(a)
    while low < high:
        mid = (low + high) // 2
        if a[mid] < x:
            low = mid + 1
        else:
            high = mid
    return low if low < len(a) and a[low] == x else -1


print([binary_search([1, 3, 5, 7], x) for x in range(9)])
