# /// script
# requires-python = ">=3.12"
# dependencies = [
#     "marimo>=0.25.2,<0.26",
#     "polars>=2.1,<2.2",
#     "prefect>=3.8.8,<3.9",
#     "pytest>=9.2,<10",
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
app = marimo.App(width="medium")

with app.setup:
    import marimo as mo
    from prefect import flow, task


@app.function
@task(task_run_name="check-{n}")
def check(n: int) -> int:
    """Ten times the number; two is refused."""
    if n == 2:
        raise ValueError("two is refused")
    return 10 * n


@app.function
@flow
def give_values(numbers: list[int]) -> list[int]:
    """Values: the first failure is raised, here and at the caller."""
    return check.map(numbers).result()


@app.function
@flow
def give_futures(numbers: list[int]) -> list[int]:
    """Futures: Prefect waits for them and gives the caller their states."""
    return check.map(numbers)


@app.function
@flow
def give_all(numbers: list[int]) -> list[int | Exception]:
    """Values and exceptions side by side: the flow is Completed, look at each."""
    return check.map(numbers).result(raise_on_failure=False)


@app.function
@flow
def give_dict(numbers: list[int]) -> dict:
    """A dict: Prefect looks for futures in it too, but not for failures."""
    return {"checked": check.map(numbers)}


@app.function
@flow
def give_mixed(numbers: list[int]) -> list:
    """A list that holds something else too: not looked at, as a dict."""
    return ["checked", *check.map(numbers)]


@app.function
@task(task_run_name="ten-more")
def ten_more(n: int) -> int:
    """Ten more."""
    return n + 10


@app.function
@flow
def give_called(numbers: list[int]) -> list[int]:
    """A task called with a future that failed: it never runs, and gives None."""
    return [ten_more(check.submit(n)) for n in numbers]


@app.function
@flow(flow_run_name="all-{numbers}")
def ask(numbers: list[int]) -> list[dict]:
    """What each of them gives to its caller."""
    rows = []
    for called in (give_values, give_futures, give_all, give_dict, give_mixed, give_called):
        try:
            got = called(numbers)
        except ValueError as e:
            got = e
        rows.append({"flow": called.name, "the caller gets": kind(got)})
    return rows


@app.function
def kind(value: object) -> str:
    """The type of a value, and of what is in it."""
    match value:
        case list():
            return f"[{', '.join(map(kind, value))}]"
        case dict():
            return f"{{{', '.join(f'{k}: {kind(v)}' for k, v in value.items())}}}"
    return type(value).__name__


@app.cell
def button():
    mo.stop(mo.app_meta().mode != "edit")
    run_btn = mo.ui.run_button(label="Ask")
    run_btn
    return (run_btn,)


@app.cell
def result(run_btn):
    mo.stop(not run_btn.value)
    mo.ui.table(ask([1, 2]), selection=None)
    return


@app.cell
def script():
    mo.stop(mo.app_meta().mode != "script")
    for row in ask([1, 2]):
        print(*row.values())
    return


@app.function
def test_kind_looks_inside():
    assert kind({"a": [1, "b"]}) == "{a: [int, str]}"


if __name__ == "__main__":
    app.run()
