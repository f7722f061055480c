"""Small edits to the wrong and right files, and what each one's run then says."""

from typing import NamedTuple

from tests.stacking.changes import Edits


class Attack(NamedTuple):
    """What is changed, and a text that the run then has, or has not."""

    what: str
    edits: Edits
    says: str
    but_not: str = "nothing says this"
    flow: str = ""
    """The flow to load and call, as a worker does; empty for a run as a script."""


ASYNC_SMALL: Edits = (
    ("def keep_small", "async def keep_small"),
    ("def pipeline", "async def pipeline"),
    ("return keep_small(", "return await keep_small("),
    ("if value < LIMIT]", "if is_small(value)]"),
    ("    print(pipeline())", "    print(await pipeline())"),
    ("def show(", "async def show("),
    (
        "@app.function\n@task",
        "@app.function\ndef is_small(value: int) -> bool:\n    return value < LIMIT\n\n\n"
        "@app.function\n@task",
    ),
)
ASYNC_DOUBLE: Edits = (
    ("def double(", "async def double("),
    ("= double(", "= await double("),
    ("def pipeline", "async def pipeline"),
    ("    pipeline()", "    await pipeline()"),
    ("def script", "async def script"),
)
ASYNC_LOAD: Edits = (
    ("def load(", "async def load("),
    ("def load_all", "async def load_all"),
    ("= load_all(", "= await load_all("),
    ("def show", "async def show"),
)
ASYNC_REPORT: Edits = (
    ("def report(", "async def report("),
    ("    report(", "    await report("),
    ("def preview", "async def preview"),
    ("def script", "async def script"),
)
ASYNC_CLEAN: Edits = (
    ("def _clean", "async def _clean"),
    ("def positive", "async def positive"),
    ("return _clean(", "return await _clean("),
    ("print(positive())", "print(await positive())"),
    ("def result", "async def result"),
)
SECOND = '    rows = [row for row in [1, -2, 3] if row > 0]\n    mo.md(f"{len(rows)}'
NO_LIMIT = "name 'LIMIT' is not defined"
NO_APP = "name 'app' is not defined"
NO_SETTINGS = "name 'Settings' is not defined"
COMPLETED = "The flow run is Completed."
FAILED = "The flow run is Failed."

IN_A_CELL: Edits = (
    (
        "@app.function\n@flow\ndef pipeline() -> list[int]:\n    return",
        "@app.cell\ndef _():\n    @flow\n    def pipeline() -> list[int]:\n        return",
    ),
    ("keep_small([3, 30])", "keep_small([3, 30])\n    return (pipeline,)"),
    ("def show()", "def show(pipeline)"),
)

ATTACKS = {
    "cell_variable_wrong": [
        Attack("in a helper of an async task", ASYNC_SMALL, NO_LIMIT, flow="pipeline"),
        Attack(
            "as an argument",
            (
                (
                    "list[int]) -> list[int]:\n    return [v",
                    "list[int], LIMIT=9) -> list[int]:\n    return [v",
                ),
            ),
            "Finished in state Completed()",
            NO_LIMIT,
            "pipeline",
        ),
        Attack("the flow in a cell", IN_A_CELL, "'pipeline' not found", flow="pipeline"),
    ],
    "decorator_order_wrong": [
        Attack("without parentheses", (("@task(retries=2)", "@task"),), NO_APP),
        Attack("an async task", ASYNC_DOUBLE, NO_APP),
        Attack(
            "@flow above, @task below",
            (
                ("@task(retries=2)\n@app.function", "@app.function\n@task(retries=2)"),
                ("@app.function\n@flow(log_prints=True)", "@flow(log_prints=True)\n@app.function"),
            ),
            NO_APP,
        ),
    ],
    "definition_order_wrong": [
        Attack("as a default", (("(settings: Settings)", "(settings=Settings())"),), NO_SETTINGS),
        Attack("in quotes", (("(settings: Settings)", '(settings: "Settings")'),), "Completed()"),
        Attack(
            "in the body",
            (
                ("(settings: Settings)", "()"),
                ("return settings.", "return Settings()."),
                ("settled(Settings())", "settled()"),
            ),
            "Completed()",
            NO_SETTINGS,
        ),
    ],
    "failed_task_wrong": [
        Attack("an async task", ASYNC_LOAD, COMPLETED),
        Attack("no wait at all", (("future.wait()", "pass"),), COMPLETED),
        Attack(
            "mapped",
            (("[load.submit(part) for part in parts]", "load.map(parts)"),),
            COMPLETED,
        ),
        Attack("retried", (("@task", "@task(retries=1)"),), COMPLETED),
        Attack("the futures returned", (('return "done"', "return futures"),), FAILED),
        Attack(
            "called",
            (("load.submit(part) for", "load(part) for"), ("future.wait()", "pass")),
            FAILED,
        ),
    ],
    "hard_coded_paths_wrong": [
        Attack("by its name", (("{report()}", "{report(source='data/input.csv')}"),), "unexpected"),
        Attack(
            "with other options",
            (("{report()}", "{report.with_options(name='mine')(source='data/input.csv')}"),),
            "unexpected keyword argument 'source'",
        ),
    ],
    "missing_guards_wrong": [
        Attack("an async flow", ASYNC_REPORT, "Report on sample"),
        Attack("not shown", (("    source\n    return", "    return"),), "Report on sample"),
        Attack(
            "the guard at the work alone",
            (("    report(so", '    mo.stop(mo.app_meta().mode != "edit")\n    report(so'),),
            "Report on production",
            "Report on sample",
        ),
    ],
    "mode_in_setup_wrong": [
        Attack(
            "kept as a truth",
            (("().mode", "().mode == 'script'"), ('MODE != "script"', "not MODE")),
            "",
            "The pipeline runs.",
        ),
        Attack(
            "asked by a function of the setup cell",
            (("MODE = mo", "MODE = lambda: mo"), ("stop(MODE", "stop(MODE()")),
            "The pipeline runs.",
        ),
    ],
    "private_name_wrong": [
        Attack("an async task", ASYNC_CLEAN, "_clean' is not defined"),
        Attack("no task", (("@task\n", ""),), "_clean' is not defined"),
        Attack("an underscore behind", (("_clean", "clean_"),), "Completed()"),
        Attack("two underscores", (("_clean", "__clean"),), "Completed()"),
    ],
    "same_name_wrong": [
        Attack(
            "the setup cell prints",
            (("import marimo as mo", 'import marimo as mo\n\n    print("set up")'),),
            "set up",
        ),
        Attack(
            "the name of a loop",
            ((SECOND, '    for rows in [1]:\n        pass\n    mo.md(f"{rows}'),),
            "multiple definitions of the name rows",
        ),
        Attack(
            "an import",
            (
                ("    rows = [1, -2, 3]", "    import json\n    rows = [1]"),
                (SECOND, '    import json\n    mo.md(f"{json}'),
            ),
            "multiple definitions of the name json",
        ),
        Attack("an underscore", ((SECOND, '    _rows = [1]\n    mo.md(f"{_rows}'),), "", "---"),
        Attack(
            "inside a comprehension",
            ((SECOND, '    mo.md(f"{[rows for rows in [1]]}'),),
            "",
            "---",
        ),
    ],
    "setup_secret_right": [
        Attack(
            "in a thread",
            (
                ("print(connect())", "print(connect.submit().result())"),
                # The wrong file's runs count on a server without the block.
                ("warehouse-password", "password-for-a-thread"),
            ),
            "8 letters",
        ),
    ],
}
