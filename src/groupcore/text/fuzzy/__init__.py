"""Words that are written otherwise than they are: candidates by index, then a scored confirmation.

A lane is one way to look at a text: by its sounds, by the shapes of its characters, as Latin words. It lays the text
out as a stream of codes, an automaton finds in it the keys of all words, and whatever is found is held against the
characters that stand there and gets a score. Nothing counts as found by its key alone.
"""
