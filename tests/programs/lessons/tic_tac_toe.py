def winner(board):
    for a, b, c in ((0, 1, 2), (3, 4, 5), (6, 7, 8), (0, 3, 6), (1, 4, 7), (2, 5, 8), (0, 4, 8), (2, 4, 6)):
        if board[a] == board[b] == board[c] != " ":
            return board[a]
    return None if " " in board else "draw"


cache = {}


def best_move(board, player):
    key = ("".join(board), player)
    if key in cache:
        return cache[key]
    w = winner(board)
    if w:
        return {"X": 1, "O": -1, "draw": 0}[w], None
    scores = []
    for i, cell in enumerate(board):
        if cell == " ":
            board[i] = player
            scores.append((best_move(board, "O" if player == "X" else "X")[0], i))
            board[i] = " "
    choose = max if player == "X" else min
    cache[key] = choose(scores, key=lambda s: s[0])
    return cache[key]


def show(board):
    print("\n-+-+-\n".join("|".join(board[i:i + 3]) for i in (0, 3, 6)), end="\n\n")


board = list("X   O    ")
player = "X"
while not winner(board):
    move = best_move(board, player)[1]
    board[move] = player
    player = "O" if player == "X" else "X"
show(board)
print(winner(board), len(cache) > 50)
