class Node:
    def __init__(self, value, next=None):
        self.value, self.next = value, next


class LinkedList:
    def __init__(self, items=()):
        self.head = None
        for item in reversed(list(items)):
            self.push(item)

    def push(self, value):
        self.head = Node(value, self.head)

    def pop(self):
        if self.head is None:
            raise IndexError("pop from empty list")
        value, self.head = self.head.value, self.head.next
        return value

    def __iter__(self):
        node = self.head
        while node:
            yield node.value
            node = node.next

    def __len__(self):
        return sum(1 for _ in self)

    def __repr__(self):
        return " -> ".join(map(str, self)) or "empty"

    def reverse(self):
        previous, node = None, self.head
        while node:
            node.next, previous, node = previous, node, node.next
        self.head = previous

    def __contains__(self, value):
        return any(v == value for v in self)


lst = LinkedList("abcd")
print(lst, len(lst), "c" in lst, "z" in lst)
lst.reverse()
print(lst, lst.pop(), lst.pop(), lst, sorted(lst), list(lst), max(lst))
while lst:
    lst.pop()
print(lst, bool(lst))
lst.pop()
