# /// script
# requires-python = ">=3.12"
# dependencies = [
#     "marimo>=0.25.2,<0.26",
#     "prefect>=3.8.8,<3.9",
#     # Prefect 3.8.8 is not whole with newer releases of these two.
#     "fastapi<=0.150",
#     "sqlalchemy<2.1",
# ]
#
# [tool.uv]
# exclude-newer = "2026-11-22T00:00:00Z"
# ///

import marimo

__generated_with = "0.25.2"
app = marimo.App()

with app.setup:
    import marimo as mo
    from prefect import flow


@app.function
@flow
def greet(name: str = "nobody") -> str:
    return f"flow: hello {name}"


@app.cell
def parameters():
    name = mo.cli_args().get("name") or "nobody"
    return (name,)


@app.cell
def use(name):
    print(f"cell: hello {name}")
    return


if __name__ == "__main__":
    app.run()
