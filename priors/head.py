"""The keys at the top of a card or an actor: schema, name, texts, path, tables."""

import re
from collections.abc import Sequence
from typing import Any

from priors.document import Document
from priors.faults import Fault, nearest

SCHEMA = 1
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
PATH = re.compile(r"[A-Za-z0-9_:=,+]+")


class Head:
    """Reads the top level of a file and gathers what it refuses.

    Attributes:
        document: The file.
        faults: What was refused so far.
    """

    def __init__(self, document: Document, keys: Sequence[str]):
        self.document = document
        self.faults: list[Fault] = []
        for key in document.tables:
            if key not in keys:
                hint, known = nearest(key, keys), ", ".join(keys)
                self.refuse(f"unknown key {key}{hint} (allowed: {known})", key)

    def refuse(self, message: str, key: str) -> None:
        """Note a fault at a key."""
        self.faults.append(self.document.fault(message, key))

    def check_schema(self) -> None:
        """Refuse a file of another schema than this program knows."""
        schema = self.document.tables.get("schema")
        if isinstance(schema, bool) or not isinstance(schema, int):
            found = "is missing" if schema is None else f"= {schema!r} is not a number"
            self.refuse(f"schema {found}; a card begins schema = {SCHEMA}", "schema")
        elif schema > SCHEMA:
            self.refuse(
                f"schema {schema} is newer than this program (knows up to {SCHEMA}); "
                "upgrade meekmc",
                "schema",
            )
        elif schema != SCHEMA:
            message = f"schema = {schema} is unknown; write schema = {SCHEMA}"
            self.refuse(message, "schema")

    def name(self) -> str:
        """Return the name; empty where refused."""
        name = self.document.tables.get("name")
        if isinstance(name, str) and NAME.fullmatch(name):
            return name
        self.refuse(
            f"name = {name!r} must have 1 to 64 letters, digits, dots, dashes or "
            "underscores, and begin with a letter or digit",
            "name",
        )
        return ""

    def text(self, key: str) -> str:
        """Return a text; empty where it is not there, or refused."""
        value = self.document.tables.get(key, "")
        if isinstance(value, str):
            return value
        self.refuse(f"{key} = {value!r} must be text", key)
        return ""

    def path(self) -> str | None:
        """Return the compute path that is named, as text; None where none is.

        Which paths there are is not known here.
        """
        value = self.document.tables.get("path")
        if value is None or (isinstance(value, str) and PATH.fullmatch(value)):
            return value
        self.refuse(
            f"path = {value!r} must be the name of a compute path: text of letters, "
            "digits, '_', ':', '=', ',' and '+', e.g. \"investment_slowdown\"",
            "path",
        )
        return None

    def tables(self, key: str) -> dict[str, dict[str, Any]]:
        """Return the tables under a key by their names, without those refused."""
        value = self.document.tables.get(key, {})
        if not isinstance(value, dict):
            self.refuse(f"{key} must be tables, [{key}.NAME]", key)
            return {}
        for name, table in value.items():
            if not isinstance(table, dict):
                message = f"{name} must be a table, [{key}.{name}]"
                self.refuse(message, f"{key}.{name}")
        return {name: table for name, table in value.items() if isinstance(table, dict)}
