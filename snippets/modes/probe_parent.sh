mkdir notebooks && mv probe.py notebooks && python notebooks/probe.py
