import marimo

__generated_with = "0.25.2"
app = marimo.App()

with app.setup:
    import marimo as mo


@app.cell
def show():
    print(f"marimo {mo.__version__.rpartition('.')[0]}")
    return


if __name__ == "__main__":
    app.run()
