cd wrapper_file_wrong && python flows/etl_wrapper.py
