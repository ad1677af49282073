print("about to raise")
raise RuntimeError("while importing")
