def find(items, name):
    for item in items:
        if item["name"] == name:
            return item


people = [{"name": "Ann", "age": 3}]
print(find(people, "Ann")["age"])
print(find(people, "Bob")["age"])
