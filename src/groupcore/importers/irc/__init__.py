"""IRC logs: those of Ubuntu's channels, of irssi and of ZNC.

============ ====================================================================
`archive`    logs, oldest first, and the options of the importer
`lines`      the lines of the three dialects
`dates`      dates from names, times from lines, and what the order of lines tells
`scribe`     who is who in one log, and the facts that follow
============ ====================================================================
"""

from groupcore.importers.irc.archive import Irc, channel_of, log_name

__all__ = ["Irc", "channel_of", "log_name"]
