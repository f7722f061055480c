python -c "from probe import app; app.run()"
