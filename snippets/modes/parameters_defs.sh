python -c 'from parameters import app; app.run(defs={"name": "Ada"})'
# A wrong name
python -c 'from parameters import app; app.run(defs={"nmae": "Ada"})' || echo "exit status $?"
