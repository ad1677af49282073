from collections import deque
import heapq

graph = {"A": {"B": 4, "C": 2}, "B": {"D": 5}, "C": {"B": 1, "D": 8, "E": 10}, "D": {"E": 2, "F": 6}, "E": {"F": 3}, "F": {}}


def bfs(start, goal):
    queue, seen = deque([[start]]), {start}
    while queue:
        path = queue.popleft()
        if path[-1] == goal:
            return path
        for n in sorted(graph[path[-1]]):
            if n not in seen:
                seen.add(n)
                queue.append(path + [n])


def dfs(node, seen=None):
    seen = seen if seen is not None else []
    if node not in seen:
        seen.append(node)
        for n in sorted(graph[node]):
            dfs(n, seen)
    return seen


def dijkstra(start):
    best, heap = {}, [(0, start, None)]
    while heap:
        cost, node, via = heapq.heappop(heap)
        if node in best:
            continue
        best[node] = cost, via
        for n, w in graph[node].items():
            heapq.heappush(heap, (cost + w, n, node))
    return best


best = dijkstra("A")
path = ["F"]
while (via := best[path[-1]][1]):
    path.append(via)
print(bfs("A", "F"), dfs("A"), best, path[::-1], bfs("F", "A"))
maze = ["#########", "#S  #   #", "# # # # #", "# #   #E#", "#########"]
start = next((r, row.index("S")) for r, row in enumerate(maze) if "S" in row)
queue, came = deque([start]), {start: None}
while queue:
    r, c = queue.popleft()
    if maze[r][c] == "E":
        break
    for nr, nc in ((r + 1, c), (r - 1, c), (r, c + 1), (r, c - 1)):
        if maze[nr][nc] != "#" and (nr, nc) not in came:
            came[nr, nc] = (r, c)
            queue.append((nr, nc))
steps = 0
cell = (r, c)
grid = [list(row) for row in maze]
while came[cell]:
    cell, steps = came[cell], steps + 1
    grid[cell[0]][cell[1]] = "."
print(steps, *("".join(row) for row in grid), sep="\n")
