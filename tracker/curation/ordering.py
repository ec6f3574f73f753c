"""In which order the proposals of a batch can be published chunk by chunk: what is referred to comes first."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence

from tracker.entries import kinds
from tracker.values import canonical

from .models import Proposal

Identity = tuple[str, str]


def dependencies_first(rows: Iterable[Proposal]) -> list[list[int]]:
    """Ids of proposals in groups that must be published together; a group refers only to itself and earlier ones.

    Within what references leave open, kinds come in the order in which they load, and keys in theirs.

    :param rows: with id, kind, key and payload; read once, one by one.
    """
    graph = _Graph(rows)
    return [[graph.pks[node] for node in group] for group in graph.components()]


class _Graph:
    """Who refers to whom among the proposals: numbers, to stay small where there are a hundred thousand."""

    def __init__(self, rows: Iterable[Proposal]) -> None:
        self.pks: list[int] = []
        names: dict[Identity, int] = {}
        own: list[int] = []
        wanted: list[array[int]] = []
        for proposal in rows:
            self.pks.append(proposal.pk)
            own.append(names.setdefault((kinds.get(proposal.kind).name, proposal.key), len(names)))
            wanted.append(array("L", {names.setdefault(one, len(names)) for one in _referred(proposal)}))
        node_of = {name: node for node, name in enumerate(own)}
        self._edges = [sorted({node_of[name] for name in those if name in node_of} - {node})
                       for node, those in enumerate(wanted)]  # fmt: skip
        order = {kind.name: kind.order for kind in kinds.every()}
        identities = list(names)
        self._order = sorted(range(len(own)), key=lambda node: _rank(order, identities[own[node]]))

    def components(self) -> Iterator[list[int]]:
        """Strongly connected components, targets first (Tarjan's algorithm, without recursion)."""
        index: dict[int, int] = {}
        low: dict[int, int] = {}
        stack: list[int] = []
        on_stack: set[int] = set()
        for root in self._order:
            if root in index:
                continue
            work: list[tuple[int, int]] = [(root, 0)]
            while work:
                node, place = work.pop()
                if place == 0:
                    index[node] = low[node] = len(index)
                    stack.append(node)
                    on_stack.add(node)
                edges = self._edges[node]
                while place < len(edges):
                    target = edges[place]
                    place += 1
                    if target not in index:
                        work.append((node, place))
                        work.append((target, 0))
                        break
                    if target in on_stack:
                        low[node] = min(low[node], index[target])
                else:
                    if low[node] == index[node]:
                        yield _taken(stack, on_stack, node)
                    if work:
                        above = work[-1][0]
                        low[above] = min(low[above], low[node])


def _rank(order: Mapping[str, int], identity: Identity) -> tuple[int, str]:
    kind, key = identity
    return order[kind], key


def _taken(stack: list[int], on_stack: set[int], node: int) -> list[int]:
    """The component whose first node this is: everything above it on the stack."""
    component: list[int] = []
    while not component or component[-1] != node:
        component.append(stack.pop())
    on_stack.difference_update(component)
    return component[::-1]


def _referred(proposal: Proposal) -> Iterator[Identity]:
    """What a proposal refers to by key: one that withdraws, to nothing."""
    if not proposal.payload:
        return
    payload = canonical.loads(proposal.payload)
    yield from ((wanted.target.kind, wanted.target.key) for wanted in kinds.get(proposal.kind).wanted(payload))
    yield from (("source", citation["source"]) for citation in payload.get("citations", []))


def chunks(groups: Sequence[Sequence[int]], size: int) -> Iterator[list[int]]:
    """Groups put together up to a size; one that is larger stays whole."""
    waiting: list[int] = []
    for group in groups:
        if waiting and len(waiting) + len(group) > size:
            yield waiting
            waiting = []
        waiting = [*waiting, *group] if len(group) > 1 else waiting
        if len(group) == 1:
            waiting.append(group[0])
    if waiting:
        yield waiting
