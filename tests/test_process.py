"""Processes, threads, signals."""

import multiprocessing
import os
import pickle
import signal
import subprocess
import sys
import textwrap
import threading
import time

import pytest

import rawabit as rw


def count_entities(texts: list[str]) -> int:
    return len(rw.entities(texts, threads=2))


@pytest.mark.parametrize("method", ["fork", "spawn"])
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_children_work_after_the_parent_has_used_threads(method, news):
    want = count_entities(news * 20)
    with multiprocessing.get_context(method).Pool(2) as pool:
        assert pool.map_async(count_entities, [news * 20] * 4).get(timeout=120) == [want] * 4


def test_python_threads_work_at_the_same_time(news):
    want = count_entities(news)
    got: list[int] = []
    threads = [threading.Thread(target=lambda: got.append(count_entities(news))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert got == [want] * 4


def test_other_threads_run_meanwhile(news):
    ticks = []
    stop = threading.Event()

    def tick() -> None:
        while not stop.wait(0.001):
            ticks.append(1)

    thread = threading.Thread(target=tick)
    thread.start()
    rw.entities(news * 100, threads=1)
    stop.set()
    thread.join()
    assert len(ticks) > 3


LONG = """
    import rawabit as rw
    text = "قال محمد إن 12 شخصا قتلوا في بغداد " * 500_000
    rw.entities("نص")
    print("ready", flush=True)
    try:
        rw.{call}
    except KeyboardInterrupt:
        print("interrupted", flush=True)
    else:
        print("complete", flush=True)
"""


@pytest.mark.skipif(os.name == "nt", reason="SIGINT is sent in another way there")
@pytest.mark.parametrize(
    "call", ["entities([text] * 4)", "analyze(text, threads=2)", "relations([text[:2000]] * 100_000)"]
)
def test_ctrl_c_ends_the_call_before_the_work_is_done(call):
    """The call goes on to say that it was interrupted; had it waited for the work, it would say that it is complete."""
    code = textwrap.dedent(LONG.format(call=call))
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout.readline() == "ready\n"
        time.sleep(0.2)
        child.send_signal(signal.SIGINT)
        word = child.stdout.readline()
        child.kill()
    assert word == "interrupted\n"


def test_an_interrupted_call_is_not_at_its_end(news):
    """The exception comes while articles are still waiting, and no more are begun than the threads hold."""
    seen: list[int] = []

    def interrupt(done: int, total: int) -> None:
        seen.append(done)
        if done:
            raise KeyboardInterrupt

    texts = news * 400
    with pytest.raises(KeyboardInterrupt):
        rw.analyze(texts, progress=interrupt, threads=1)
    assert 0 < seen[-1] < len(texts)


def test_progress_is_told_and_ends_at_the_total(news):
    calls: list[tuple[int, int]] = []
    rw.analyze(news * 50, progress=lambda done, total: calls.append((done, total)))
    assert calls[-1] == (250, 250) and [done for done, _ in calls] == sorted(done for done, _ in calls)


def test_an_error_in_progress_comes_back(news):
    def fail(done: int, total: int) -> None:
        raise RuntimeError("enough")

    with pytest.raises(RuntimeError, match="enough"):
        rw.analyze(news * 50, progress=fail)


def test_a_bar(news, capsys):
    rw.analyze(news, progress=True)
    assert "5/5" in capsys.readouterr().err


def test_errors_pickle():
    for error in (rw.RawabitError("a"), rw.TextError("b"), rw.DataError("c")):
        again = pickle.loads(pickle.dumps(error))
        assert type(again) is type(error) and again.args == error.args
