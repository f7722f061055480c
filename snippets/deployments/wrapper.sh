python -m flows.wrapper
python flows/wrapper.py
