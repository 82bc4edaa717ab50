"""What is known about characters: how they sound, what they are made of, what they look like.

Each table is a module of its own and comes from one package of the extra ``zh``. It is made in memory when it is first
asked for, takes 10 to 200 ms then, and costs nothing to who never asks. Without the package, asking raises
`MissingExtra`; nothing is ever downloaded.
"""
