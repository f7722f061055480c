# /// script
# requires-python = ">=3.12,<3.15"
# dependencies = []
# ///

import sys

print("Python", f"{sys.version_info.major}.{sys.version_info.minor}")
