marimo export html probe.py -o probe.html
