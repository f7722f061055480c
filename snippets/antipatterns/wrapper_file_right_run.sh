cd wrapper_file_right && python notebooks/etl.py
