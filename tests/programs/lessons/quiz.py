questions = {
    "Capital of France?": "paris",
    "2 + 2?": "4",
    "Largest planet?": "jupiter",
}
score = 0
for number, (question, answer) in enumerate(questions.items(), start=1):
    reply = input(f"{number}. {question} ").strip().lower()
    if reply == answer:
        print("Correct!")
        score += 1
    else:
        print(f"No, it is {answer.title()}.")
print(f"{score}/{len(questions)} = {score / len(questions):.1%}")
