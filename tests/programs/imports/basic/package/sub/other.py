value = "other-value"
