cd notebooks/examples
python tutorial.py
