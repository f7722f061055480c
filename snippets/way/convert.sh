marimo convert analysis.ipynb -o analysis.py
marimo check analysis.py && python analysis.py
sed -n "/^@app/,/^if/p" analysis.py
