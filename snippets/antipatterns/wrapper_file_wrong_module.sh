cd wrapper_file_wrong && python -m flows.etl_wrapper
