"""Puts a picture of each figure into the notebooks that a Jupyter server saves.

`copylab lab` names in COPYLAB_PICTURES where pictures are drawn. A save takes those that are drawn already and waits for no other, since JupyterLab takes what is
typed meanwhile for saved. The others are drawn once no kernel computes, and put into the file, which keeps its time, so that JupyterLab takes it for the one that it
saved. Whatever goes wrong here, the notebook is saved.
"""

import asyncio
import json
import os
import urllib.request
from collections import defaultdict

import nbformat
from jupyter_core.utils import ensure_async

FIGURE = "application/vnd.plotly.v1+json"
TIMEOUT_S = 120
IDLE_CHECK_S = 1


def _jupyter_server_extension_points():
    return [{"module": "copylab_pictures"}]


def _load_jupyter_server_extension(app):
    address = os.environ.get("COPYLAB_PICTURES")
    if not address:
        return
    contents, save, rename = app.contents_manager, app.contents_manager.save, app.contents_manager.rename_file
    locks = defaultdict(asyncio.Lock)
    completions = {}

    async def save_with_pictures(model, path=""):
        path = path.strip("/")
        if not _has_figures(model):
            return await ensure_async(save(model, path))
        async with locks[path]:
            _cancel(completions, path)
            lacks = False
            try:
                lacks = await _add_pictures(address, model["content"], path, wait=False)
            except Exception as error:
                app.log.error("%s is saved without pictures of its figures: %s", path, error)
            saved = await ensure_async(save(model, path))
            # A hash would tell JupyterLab that the file is another one.
            if lacks and not saved.get("hash"):
                complete_later(path)
            return saved

    async def rename_file(old_path, new_path):
        lacks = _cancel(completions, old_path.strip("/"))
        renamed = await ensure_async(rename(old_path, new_path))
        if lacks:
            complete_later(new_path.strip("/"))
        return renamed

    def complete_later(path):
        # Only notebooks in files can be completed.
        if hasattr(contents, "_get_os_path"):
            completions[path] = asyncio.ensure_future(complete(path, contents._get_os_path(path)))

    async def complete(path, file):
        try:
            before = os.stat(file)
            while await _computes(app):
                await asyncio.sleep(IDLE_CHECK_S)
            notebook = nbformat.read(file, as_version=4)
            trusted = contents.notary.check_signature(notebook)
            await _add_pictures(address, notebook, path, wait=True)
            async with locks[path]:
                if os.stat(file).st_mtime_ns == before.st_mtime_ns:
                    _replace(file, notebook, before)
                    if trusted:
                        contents.notary.sign(notebook)
        except (asyncio.CancelledError, FileNotFoundError):
            pass
        except Exception as error:
            app.log.error("%s has no pictures of its new figures: %s", path, error)

    contents.save = save_with_pictures
    contents.rename_file = rename_file


def _has_figures(model):
    content = model.get("content") if model.get("type") == "notebook" else None
    return bool(content) and FIGURE in json.dumps([cell.get("outputs") for cell in content["cells"]])


def _cancel(completions, path):
    completion = completions.pop(path, None)
    return completion is not None and completion.cancel()


async def _computes(app):
    sessions = await ensure_async(app.session_manager.list_sessions())
    return any((session.get("kernel") or {}).get("execution_state") == "busy" for session in sessions)


async def _add_pictures(address, notebook, path, wait):
    """Whether some figure lacks its picture still."""
    asked = json.dumps({"path": path, "wait": wait, "notebook": notebook}).encode()
    answer = json.loads(await asyncio.get_running_loop().run_in_executor(None, _post, address, asked))
    for cell, output, html in answer["pictures"]:
        notebook["cells"][cell]["outputs"][output]["data"]["text/html"] = html
    return answer["lacking"] > 0


def _replace(file, notebook, before):
    fresh = f"{file}.{os.getpid()}.tmp"
    try:
        nbformat.write(notebook, fresh)
        os.chmod(fresh, before.st_mode)
        os.utime(fresh, ns=(before.st_atime_ns, before.st_mtime_ns))
        os.replace(fresh, file)
    finally:
        if os.path.exists(fresh):
            os.remove(fresh)


def _post(address, body):
    request = urllib.request.Request(address, data=body, headers={"Content-Type": "application/json"})
    # This machine alone is asked, never a proxy.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(request, timeout=TIMEOUT_S) as answer:
        return answer.read()
