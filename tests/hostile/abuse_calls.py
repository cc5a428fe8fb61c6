# SPDX-License-Identifier: Apache-2.0
"""What a JAAS can answer once it has let us in: endless lists, endless news, endless logs, endless words."""

import functools
import json

from abuse import MIB, Calls
import abuse_files
from peer import Gone, frame

MESSAGE_MAX = 16 * MIB
ABORTS = {"models": [{"log": [{"at": "4s", "tag": "machine-0", "sev": "ERROR", "mod": "juju.worker", "msg": "the cause"}],
                      "migrations": [{"each": "1s", "abort": {"phase": "QUIESCE"}}]}]}


def uuid(number):
    return f"77777777-0000-4000-8000-{number:012}"


def replaced(method, response, path="", first=1):
    """Every answer to this method has this for its response, from the `first` on; None leaves one as it is."""
    def alter(call):
        if call.method != method or path not in call.path or call.number < first:
            return None
        text = response(call) if callable(response) else response
        return call.frames(text) if text is not None else None
    return alter


def refused(method, words, code=""):
    """The method is answered with an error of these words."""
    def alter(call):
        if call.method != method:
            return None
        return frame(json.dumps({"request-id": call.id(), "error": words, "error-code": code}).encode())
    return alter


@functools.cache
def list_of(make, count):
    """Returns what `make` makes of so many numbers, as it is written between the brackets of a list."""
    return json.dumps([make(n) for n in range(count)], separators=(",", ":"))[1:-1]


def longer(key, make, count):
    """The world's own list below `key`, with `count` more in it."""
    def response(call):
        own = json.dumps(json.loads(call.text)["response"][key])
        return f'{{"{key}":{own[:-1]},{list_of(make, count)}]}}'.encode()
    return response


def controller(number):
    return {"name": f"c{number}", "uuid": uuid(number), "api-addresses": ["h:1"], "cloud-tag": "cloud-maas",
            "cloud-region": "default", "agent-version": "3.6.12", "status": {"status": "available", "info": ""}}


def model(number):
    return {"model": {"name": f"m{number}", "uuid": uuid(number), "type": "iaas", "owner-tag": "user-alice@canonical.com"},
            "last-connection": None}


def row_of(number):
    return {"model-name": f"m{number}", "model-uuid": uuid(number), "controller-name": "prod-a",
            "controller-uuid": "1c9f0000-0000-4000-8000-000000000001"}


def summary(number):
    return {"result": {"name": f"m{number}", "uuid": uuid(number), "type": "iaas", "controller-uuid": uuid(1),
                       "is-controller": False, "cloud-tag": "cloud-maas", "cloud-region": "default",
                       "owner-tag": "user-alice@canonical.com", "life": "alive", "agent-version": "3.6.12",
                       "status": {"status": "available", "info": "", "data": {}, "since": "2026-07-01T10:00:00Z"},
                       "user-access": "admin", "last-connection": None, "counts": [{"entity": "machines", "count": 2}]}}


def all_of(*alters):
    def alter(call):
        return next((done for done in (one(call) for one in alters) if done is not None), None)
    return alter


def everything():
    """All the lists as long as they may be."""
    return all_of(replaced("JIMM.ListControllers", longer("controllers", controller, 9900)),
                  replaced("Controller.AllModels", longer("user-models", model, 40000)),
                  replaced("JIMM.ListModels", longer("models", row_of, 70000)),
                  replaced("ModelManager.ListModelSummaries", longer("results", summary, 9400)))


def news(count):
    """What AllWatcher.Next tells: `count` changes of the model's status, the last of which says how it is."""
    one = '["model","change",{"model-uuid":"x","name":"my-model","status":{"current":"busy","message":"%s"}}]'
    return ('{"deltas":[' + ",".join([one % "migrating: QUIESCE"] * count) + "]}").encode()


def list_rows():
    def million(key):
        return replaced({"controllers": "JIMM.ListControllers", "user-models": "Controller.AllModels",
                         "models": "JIMM.ListModels", "results": "ModelManager.ListModelSummaries"}[key],
                        ('{"' + key + '":[' + "{}," * 1000000 + "{}]}").encode())

    def numbers(key, method):
        return replaced(method, ('{"' + key + '":[' + "1," * 1000000 + "1]}").encode())

    return [
        Calls("list: a million controllers", million("controllers"), peak=24),
        Calls("list: a million models", million("user-models"), peak=24),
        Calls("list: a million rows", million("models"), peak=24),
        Calls("list: a million summaries", million("results"), peak=24),
        Calls("list: a million numbers for controllers", numbers("controllers", "JIMM.ListControllers"), peak=160),
        Calls("list: a million numbers for models", numbers("user-models", "Controller.AllModels"), peak=160),
        Calls("list: 10,001 controllers", replaced("JIMM.ListControllers", longer("controllers", controller, 9999)), peak=64),
        Calls("list: 9,900 controllers", replaced("JIMM.ListControllers", longer("controllers", controller, 9900)), peak=64),
        Calls("list: 40,000 models", replaced("Controller.AllModels", longer("user-models", model, 40000)), peak=160),
        Calls("list: all as long as may be", everything(), peak=192, words=("-q", "--dry-run", "my-model", "my-controller")),
        Calls("list: the files, too", everything(), peak=192, words=("-q", "--dry-run", "my-model", "my-controller"),
              prepare=abuse_files.in_all("x: [" + "1," * abuse_files.NODES + "1]\n")),
        Calls("list: a name of 15 MiB", replaced("JIMM.ListControllers", lambda call: call.text[call.text.index(
            b'"response":') + 11:].strip()[:-1].replace(b'"my-controller"', b'"' + b"n" * 15 * MIB + b'"')), peak=128),
        Calls("list: 10,001 targets", replaced("JIMM.ListMigrationTargets", longer("controllers", controller, 10000)), peak=64),
        Calls("list: null", replaced("JIMM.ListControllers", b'{"controllers":null}')),
        Calls("list: a number", replaced("JIMM.ListControllers", b'{"controllers":7}')),
        Calls("list: a list of lists", replaced("Controller.AllModels", b'{"user-models":[[[[]]]]}')),
    ]


def crowd_rows():
    """Eight models, each of whose connections begins a message of 16 MiB and leaves it at that."""
    models = [f"m{n}" for n in range(8)]

    def alter(call):
        if call.method != "Client.FullStatus":
            return None
        return b"\x81\x7f" + (MESSAGE_MAX).to_bytes(8, "big") + b" " * (MESSAGE_MAX - 1)

    return [Calls("crowd: eight messages of 16 MiB at a time", alter, world={"models": [{"name": name} for name in models]},
                  words=("-q", "--dry-run", *models, "my-controller"), peak=80)]


def word_rows():
    fails = {"migration": {"refuse": "no"}}
    return [
        Calls("words: a refusal of 15 MiB", refused("JIMM.MigrateModel", "no " * (5 * MIB)), world=fails, peak=160),
        Calls("words: a refusal of 100,000 lines", refused("JIMM.MigrateModel", "no\n" * 100000), world=fails),
        Calls("words: a refusal with a code of 15 MiB", refused("JIMM.MigrateModel", "no", "c" * 15 * MIB), world=fails,
              peak=160),
        Calls("words: a migration id of 15 MiB", replaced("JIMM.MigrateModel", lambda call: call.text[call.text.index(
            b'"response":') + 11:].strip()[:-1].replace(b'"migration-id":"', b'"migration-id":"' + b"i" * 15 * MIB)), peak=160),
        Calls("words: no lists but a refusal of 15 MiB", refused("JIMM.ListControllers", "no " * (5 * MIB)), peak=160),
        Calls("words: a status of 15 MiB", replaced("ModelManager.ListModelSummaries", lambda call: None if call.number > 3 else call.text[
            call.text.index(b'"response":') + 11:].strip()[:-1].replace(b'"info":"', b'"info":"' + b"i " * 7 * MIB)), peak=160),
    ]


def news_rows():
    return [
        Calls("news: 12 times 15 MiB", replaced("AllWatcher.Next", lambda call: news(34000) if call.number < 12 else
                                                call.text[call.text.index(b'"response":') + 11:].strip()[:-1]), peak=160),
        Calls("news: a million numbers", replaced("AllWatcher.Next", b'{"deltas":[' + b"1," * 1000000 + b"1]}"), peak=160),
        Calls("news: a watcher of 15 MiB", replaced("Client.WatchAll", b'{"watcher-id":"' + b"9" * 15 * MIB + b'"}'), peak=128),
    ]


def log_rows():
    record = json.dumps({"tag": "machine-0", "ts": "2026-07-01T10:00:04Z", "sev": "ERROR", "mod": "juju.worker",
                         "msg": "again", "lab": []}).encode()

    def flood(data, times):
        def alter(call):
            if not call.path.startswith("/model/") or "/log" not in call.path:
                return None
            for _ in range(times):
                call.connection.send(data)
            raise Gone
        return alter

    def first(data):
        return lambda call: data if "/log" in call.path else None

    return [
        Calls("log: endless records", flood(frame(b"{}") + frame(record) * 1000, 100), world=ABORTS),
        Calls("log: endless records of 255 KiB", flood(frame(b"{}") + frame(record.replace(b"again", b"a" * 255000)), 200),
              world=ABORTS),
        Calls("log: records of 15 MiB", flood(frame(b"{}") + frame(record.replace(b"again", b"a" * 15 * MIB)), 4), world=ABORTS,
              peak=128),
        Calls("log: a record of 17 MiB", flood(frame(b"{}") + frame(record.replace(b"again", b"a" * 17 * MIB)), 1),
              world=ABORTS, peak=128),
        Calls("log: a first message of 15 MiB", first(frame(b'{"error":{"message":"' + b"n" * 15 * MIB + b'"}}')), world=ABORTS,
              peak=128),
        Calls("log: nothing but garbage", flood(frame(b"[]") + frame(b"}") * 10000, 1), world=ABORTS),
    ]


def rows():
    return [*list_rows(), *crowd_rows(), *word_rows(), *news_rows(), *log_rows()]
