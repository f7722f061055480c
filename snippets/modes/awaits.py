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
    import asyncio
    import inspect
    from concurrent.futures import ThreadPoolExecutor
    from pathlib import Path

    import marimo as mo
    from prefect import flow, task
    from prefect.artifacts import create_markdown_artifact
    from prefect.blocks.system import Secret
    from prefect.variables import Variable

    SAID = Path(__file__).resolve().parent / "said.txt"


@app.function
def say(what: str, got: object) -> None:
    """Write down what a call gave."""
    kind = "coroutine" if inspect.iscoroutine(got) else "value"
    if inspect.iscoroutine(got):
        got.close()
    with SAID.open("a") as file:
        file.write(f"{what} | {kind}\n")


@app.function
def load():
    """A helper: it follows whoever calls it."""
    return Secret.load("awaited")


@app.function
@task
def sync_task(kind: str):
    say(f"Secret.load in {kind}", Secret.load("awaited"))
    say(f"Secret.load in a helper of {kind}", load())
    say(f"Variable.get in {kind}", Variable.get("awaited", 1))
    say(f"create_markdown_artifact in {kind}", create_markdown_artifact("x", key="awaited"))


@app.function
@task
async def async_task():
    say("Secret.load in an async task", Secret.load("awaited"))
    say("Secret.load in a helper of an async task", load())
    say("Secret.load(…, _sync=True) in an async task", Secret.load("awaited", _sync=True))
    say("await Secret.aload in an async task", await Secret.aload("awaited"))


@app.function
@task
def one() -> int:
    return 1


@app.function
@task
async def later() -> int:
    return 1


@app.function
@flow
def sync_flow() -> None:
    Secret(value="x").save("awaited", overwrite=True)
    say("Secret.load in a flow", Secret.load("awaited"))
    sync_task("a task")
    sync_task.submit("a submitted task").result()
    say("a task called in a flow", one())
    say("an async task called in a flow", later())
    say(".submit(…).result() of an async task in a flow", later.submit().result())
    say("state.result() in a flow", one(return_state=True).result())


@app.function
@flow
async def async_flow() -> None:
    say("Secret.load in an async flow", Secret.load("awaited"))
    await async_task()
    sync_task("a task of an async flow")
    say("a task called in an async flow", one())
    say("an async task called in an async flow", later())
    say(".submit(…).result() of a task in an async flow", one.submit().result())
    say("state.result() in an async flow", one(return_state=True).result())


@app.function
@flow
def both() -> None:
    """A sync flow, and an async one in a loop of its own thread."""
    sync_flow()
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, async_flow()).result()


@app.cell
def call():
    # check: ignore[guards] it shows what each way to open it gives
    both()
    say("a flow called in a cell", one_flow())
    say("an async flow called in a cell", later_flow())
    say("Secret.load in a cell", Secret.load("awaited"))
    say("Secret.load in a helper of a cell", load())
    say("Variable.get in a cell", Variable.get("awaited", 1))
    say("create_markdown_artifact in a cell", create_markdown_artifact("x", key="awaited"))
    say("Secret.load(…, _sync=True) in a cell", Secret.load("awaited", _sync=True))
    return


@app.function
@flow
def one_flow() -> int:
    return 1


@app.function
@flow
async def later_flow() -> int:
    return 1


if __name__ == "__main__":
    app.run()
