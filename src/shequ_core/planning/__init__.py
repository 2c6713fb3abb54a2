"""Plans that are searched for: where a rule says what is allowed and many answers are."""
