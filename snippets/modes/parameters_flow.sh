python -c 'from parameters import greet; print(greet(name="Ada"))'
# A wrong name
python -c 'from parameters import greet; print(greet(nmae="Ada"))' || echo "exit status $?"
