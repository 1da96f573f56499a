"""Does every step of a program, one after another, and prints what became of each: `../play.ts` in Python."""

import gc
import json
import os
import pathlib
import threading

PATIENCE_SECONDS = 20

ask = json.loads(pathlib.Path(__file__).with_name("question.json").read_text())
ask["image_url"] = f"data:image/png;base64,{ask['pixels']}"


def play(program):
    for step, act in program.items():
        print(json.dumps({"step": step, **outcome_of(act)}), flush=True)
    # Clients keep connections and threads; nothing of them is waited for.
    os._exit(0)


def outcome_of(act):
    outcome = {"failure": f"it hangs: nothing has come for {PATIENCE_SECONDS} s", "saw": None}

    def run():
        try:
            outcome.update(saw=act(), failure=None)
        except BaseException as error:
            words = " ".join(f"{type(error).__name__}: {error}".split())
            outcome.update(failure=words[:400])

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(PATIENCE_SECONDS)
    # An abandoned stream is closed when it is collected, and httpcore locks itself up if that is within a request.
    gc.collect()
    return outcome


def shape_of(value):
    """An answer without its words: keys and types stay, and of lists the different shapes of their elements."""
    if isinstance(value, list):
        return sorted({json.dumps(shape_of(each), sort_keys=True) for each in value})
    if isinstance(value, dict):
        return {key: shape_of(each) for key, each in sorted(value.items())}
    return type(value).__name__


def raised(act):
    """The error that something raises, which must raise one."""
    try:
        act()
    except Exception as error:
        return error
    raise AssertionError("it was answered")
