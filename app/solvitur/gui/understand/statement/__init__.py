"""The statement view: the words on one side, what they became on the other."""
