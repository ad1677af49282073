rooms = {
    "hall": {"north": "kitchen", "east": "garden", "items": ["lamp"]},
    "kitchen": {"south": "hall", "items": ["bread", "knife"]},
    "garden": {"west": "hall", "items": []},
}
here, bag, moves = "hall", [], 0
while True:
    room = rooms[here]
    print(f"You are in the {here}. Exits: {', '.join(k for k in room if k != 'items')}.", f"You see {' and '.join(room['items'])}." if room["items"] else "")
    command = input("? ").lower().split()
    moves += 1
    match command:
        case ["quit"]:
            break
        case ["go", direction] if direction in room:
            here = room[direction]
        case ["go", direction]:
            print("You can't go", direction)
        case ["take", *things] if things:
            for thing in things:
                if thing in room["items"]:
                    room["items"].remove(thing)
                    bag.append(thing)
                else:
                    print("There is no", thing)
        case ["bag"] | ["inventory"]:
            print(bag or "nothing")
        case []:
            print("Say something.")
        case [verb, *_]:
            print(f"I don't know how to {verb}.")
print(f"{moves} moves, carrying {bag}")
