"""The documentation of the API as one plain page: no scripts, nothing from afar."""

import json
from html import escape
from typing import Any

STYLE = """
:root{color-scheme:light dark}
body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}
details{border:1px solid #8885;border-radius:8px;margin:.5rem 0;padding:.5rem .8rem}
summary{cursor:pointer}code,pre{font:13px/1.5 ui-monospace,monospace}
b{display:inline-block;min-width:4.5rem;color:#0F6E74}pre{overflow:auto}
"""


def page(schema: dict[str, Any]) -> str:
    """HTML that lists every operation of an OpenAPI document."""
    parts = [
        _operation(method, path, operation)
        for path, methods in schema["paths"].items()
        for method, operation in methods.items()
    ]
    forms = "".join(
        f"<details><summary>{escape(name)}</summary>"
        f"<pre>{escape(json.dumps(form, indent=1, ensure_ascii=False))}</pre></details>"
        for name, form in schema.get("components", {}).get("schemas", {}).items()
    )
    return (
        "<!doctype html><html lang=en><meta charset=utf-8>"
        "<meta name=viewport content='width=device-width,initial-scale=1'>"
        f"<title>Clientele API</title><style>{STYLE}</style>"
        f"<h1>Clientele API {escape(schema['info']['version'])}</h1>"
        f"<p>{escape(schema['info'].get('description', ''))} "
        "<a href=openapi.json>OpenAPI</a></p>"
        f"{''.join(parts)}<h2>Forms</h2>{forms}</html>"
    )


def _operation(method: str, path: str, operation: dict[str, Any]) -> str:
    parameters = "".join(
        f"<li><code>{escape(p['name'])}</code> ({escape(p['in'])})</li>"
        for p in operation.get("parameters", [])
    )
    answers = "".join(
        f"<li><code>{escape(status)}</code> {escape(answer['description'])}</li>"
        for status, answer in operation["responses"].items()
    )
    return (
        f"<details><summary><b>{escape(method.upper())}</b> "
        f"<code>/api{escape(path)}</code> {escape(operation.get('summary', ''))}"
        f"</summary><ul>{parameters}</ul><ul>{answers}</ul></details>"
    )
