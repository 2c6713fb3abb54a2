"""Figure sheets: what places say, in one TOML file, for people who don't write Python.

Where things stand in the file (`locate`), what may stand there (`rows`), reading a sheet with every fault of it told
at its line (`read`), writing one (`write`), and its JSON Schema (`schema`), by which editors complete and check it.
"""
