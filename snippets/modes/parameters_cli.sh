python parameters.py -- --name Ada
# A wrong name is no error: the default is used.
python parameters.py -- --nmae Ada
