"""``python -m groupcore.cli``: the command line, where no script was installed."""

from groupcore.cli import main

main()
