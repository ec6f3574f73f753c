"""The OpenAPI document told with each thing said once: what generators make classes of has a name and stands in
``components``, what many operations have in common too. Pure; docs/decisions/0014-contract.md says why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]
METHODS = ("get", "post", "put", "patch", "delete")


def finish(result: Json, generator: Any, request: Any, public: bool) -> Json:
    """The last post-processing hook of drf-spectacular."""
    _name_schemas(result)
    _share_headers(result)
    _share_problems(result)
    _name_choices(result)
    _share_parameters(result)
    components = result["components"]
    components["schemas"] = {name: described(schema) for name, schema in sorted(components["schemas"].items())}
    return result


def operations(document: Json) -> Iterator[Json]:
    for path in document["paths"].values():
        yield from (operation for method, operation in path.items() if method in METHODS)


def described(schema: Any) -> Any:
    """The schema with titles said in its descriptions: generators name classes by titles, and ours are sentences."""
    if isinstance(schema, list):
        return [described(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    told = {name: described(value) for name, value in schema.items()}
    if isinstance(title := told.get("title"), str):
        del told["title"]
        told["description"] = f"{title}: {told['description']}" if told.get("description") else title
    return told


def _name_schemas(document: Json) -> None:
    """Bodies and answers whose schema has a title become components of that name."""
    schemas = document["components"]["schemas"]
    for operation in operations(document):
        for holder in (operation.get("requestBody", {}), *operation["responses"].values()):
            for content in holder.get("content", {}).values():
                if name := content.get("schema", {}).get("title"):
                    schema = {key: value for key, value in content["schema"].items() if key != "title"}
                    assert schemas.setdefault(name, schema) == schema, f"two schemas have the name {name}"
                    content["schema"] = {"$ref": f"#/components/schemas/{name}"}


def _share_headers(document: Json) -> None:
    headers: Json = document["components"].setdefault("headers", {})
    for operation in operations(document):
        for answer in operation["responses"].values():
            for name, header in answer.get("headers", {}).items():
                assert headers.setdefault(name, header) == header, f"two headers have the name {name}"
                answer["headers"][name] = {"$ref": f"#/components/headers/{name}"}


def _share_problems(document: Json) -> None:
    """An answer with a problem is the same whatever was asked; so is that of the web server itself."""
    responses: Json = document["components"].setdefault("responses", {})
    for operation in operations(document):
        for code, answer in operation["responses"].items():
            if "application/problem+json" in answer.get("content", {}) or code == "414":
                name = f"Problem{code}"
                assert responses.setdefault(name, answer) == answer, f"two problems have the name {name}"
                operation["responses"][code] = {"$ref": f"#/components/responses/{name}"}


def _name_choices(document: Json) -> None:
    """The codes that a parameter takes become a component, or each operation would have a class of its own for them."""
    taking = [(operation["tags"][0], parameter) for operation in operations(document)
              for parameter in operation.get("parameters", []) if "enum" in _choice(parameter)]  # fmt: skip
    alike = defaultdict(set)
    for _, parameter in taking:
        alike[parameter["name"]].add(tuple(_choice(parameter)["enum"]))
    for tag, parameter in taking:
        schema, name = _choice(parameter), _pascal(parameter["name"])
        title = f"{name}Choice" if len(alike[parameter["name"]]) == 1 else f"{_pascal(tag)}{name}Choice"
        assert document["components"]["schemas"].setdefault(title, schema) == schema, f"two choices are named {title}"
        reference = {"$ref": f"#/components/schemas/{title}"}
        parameter["schema"] = (
            {**parameter["schema"], "items": reference} if "items" in parameter["schema"] else reference
        )


def _choice(parameter: Json) -> Json:
    found: Json = parameter["schema"].get("items", parameter["schema"])
    return found


def _pascal(name: str) -> str:
    return "".join(word.capitalize() for word in name.split("_"))


def _share_parameters(document: Json) -> None:
    """A parameter that several operations have, and that means the same in each, is one component."""
    uses: dict[tuple[str, str], list[Json]] = defaultdict(list)
    for operation in operations(document):
        for parameter in operation.get("parameters", []):
            uses[parameter["in"], parameter["name"]].append(parameter)
    shared = {where: found[0] for where, found in sorted(uses.items())
              if len(found) > 1 and all(one == found[0] for one in found)}  # fmt: skip
    names = {where: f"{where[0]}-{where[1]}" for where in shared}
    document["components"]["parameters"] = {names[where]: parameter for where, parameter in shared.items()}
    for operation in operations(document):
        operation["parameters"] = [
            {"$ref": f"#/components/parameters/{names[where]}"} if where in shared else parameter
            for parameter in operation.get("parameters", [])
            if (where := (parameter["in"], parameter["name"]))
        ]
