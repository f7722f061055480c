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
    import inspect
    import os
    from hashlib import sha256
    from pathlib import Path

    import marimo as mo
    from prefect import flow, task
    from prefect.cache_policies import INPUTS, NO_CACHE, TASK_SOURCE, CachePolicy
    from prefect.utilities.hashing import hash_objects
    from rates import fee

    RATE = 2
    # The modules whose functions you edit.
    MINE = (__name__, "rates")


@app.function
def content(context, arguments: dict) -> str:
    """The bytes of the file."""
    return sha256(Path(arguments["source"]).read_bytes()).hexdigest()


@app.function
def code(context, arguments: dict) -> str:
    """The task's code, and what each name in it stands for."""
    return hash_objects(meaning(context.task, set()), raise_on_failure=True)


@app.function
def meaning(thing, met: set):
    """Of your own function its code and, in turn, its names; of anything else its value."""
    fn = getattr(thing, "fn", thing)
    if not inspect.isfunction(fn) or fn.__module__ not in MINE or fn in met:
        return getattr(fn, "__qualname__", getattr(fn, "__name__", fn))
    met.add(fn)
    codes = [fn.__code__]
    for each in codes:
        codes += filter(inspect.iscode, each.co_consts)
    names = sorted({name for each in codes for name in each.co_names} & fn.__globals__.keys())
    held = [cell.cell_contents for cell in fn.__closure__ or ()]
    held += [fn.__defaults__, *(fn.__globals__[name] for name in names)]
    consts = [repr(c) for each in codes for c in each.co_consts if not inspect.iscode(c)]
    texts = [text for each in codes for text in (each.co_code.hex(), *each.co_names)]
    return [texts, consts, [meaning(x, met) for x in held]]


@app.function
def policies() -> dict:
    """Five keys, from the narrowest to the widest; and none."""
    file = CachePolicy.from_cache_key_fn(content)
    return {
        "content": file,
        "INPUTS": INPUTS,
        "INPUTS + TASK_SOURCE": INPUTS + TASK_SOURCE,
        "… + content": INPUTS + TASK_SOURCE + file,
        "INPUTS + content + code": INPUTS + file + CachePolicy.from_cache_key_fn(code),
        "no key": NO_CACHE,
    }


@app.function
def loud(fn):
    """A decorator of your own, without functools.wraps."""

    def called(source: str, least: int):
        return fn(source, least)

    return called


@app.function
def numbers(source: str, least: int) -> list[int]:
    """A helper of the task."""
    return [n for n in map(int, Path(source).read_text().split()) if n >= least]


@app.function
@task
def total(source: str, least: int) -> float:
    """The numbers of a file from `least` on, added up."""
    return sum(numbers(source, least)) * RATE + fee() + int(os.environ.get("TIP", "0"))


@app.function
def times(factor: int):
    """A task from a factory."""

    @task(name=f"times-{factor}")
    def scaled(source: str, least: int) -> float:
        return factor * sum(numbers(source, least))

    return scaled


@app.function
@flow(log_prints=False)
def each_key(called: str = "total", source: str = "numbers.txt", least: int = 1) -> dict:
    """What the task gives under each key."""
    tasks = {"total": total, "x2": times(2), "x3": times(3), "wrapped": task(loud(numbers))}
    return {
        name: [state.result(), state.name]
        for name, policy in policies().items()
        for state in [
            tasks[called].with_options(cache_policy=policy)(source, least, return_state=True)
        ]
    }


@app.cell
def script():
    mo.stop(mo.app_meta().mode != "script")
    Path("numbers.txt").exists() or Path("numbers.txt").write_text("1 20 300")
    print(each_key(**mo.cli_args().to_dict()))
    return


if __name__ == "__main__":
    app.run()
