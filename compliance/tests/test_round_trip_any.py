"""Any tree of lines goes out as a table and comes back as it was."""

from hypothesis import given, settings
from hypothesis import strategies as st

from compliance.catalogues import Destination, Kind, MethodNote, Node, Parameter, Reference, Related
from compliance.imports import read_brought
from compliance.imports.adopting import adopted
from compliance.tests.test_round_trip import table_of

WORDS = st.text(alphabet="aB1.-'=@ ()\n;é", min_size=1, max_size=8).map(lambda text: text.strip() or "x")
NAMES = st.sampled_from(["A.1", "A.1.1", "A.11", "a.1", "HB-1", "HB-1(1)", "B", "C 1", "'=x", "-y"])


def names(node: Node) -> set[str]:
    """Return what a line may be called."""
    return {name.casefold() for name in (node.identifier, node.title) if name}


@st.composite
def trees(draw: st.DrawFn) -> tuple[Node, ...]:
    """Lines as a reader of OSCAL might return them: identifiers once, groups of any name, anything that a line can say."""
    nodes: list[Node] = []
    used: set[str] = set()
    for number in range(draw(st.integers(1, 7))):
        # Reading order: a line stands in the one before it, or in what that stands in.
        above = [number - 1] if number else []
        while above and nodes[above[-1]].parent is not None:
            above.append(nodes[above[-1]].parent)
        parent = draw(st.sampled_from([None, *above]))
        # Of two that are called alike and stand in each other, a cell names the inner one.
        if parent is not None and names(nodes[parent]) & {
            name for one in above[: above.index(parent)] for name in names(nodes[one])
        }:
            parent = above[0]
        in_group = parent is None or nodes[parent].kind == Kind.GROUP
        kind = draw(st.sampled_from([Kind.GROUP, Kind.REQUIREMENT])) if in_group else Kind.ENHANCEMENT
        identifier = draw(st.just("") | NAMES) if kind == Kind.GROUP else draw(NAMES)
        if kind != Kind.GROUP and identifier.casefold() in used:
            identifier = f"N{number}"
        if kind == Kind.GROUP and any(
            one.kind == Kind.GROUP and one.identifier.casefold() == identifier.casefold() for one in nodes
        ):
            identifier = ""
        used |= {identifier.casefold()} if kind != Kind.GROUP else set()
        title = " ".join(draw(WORDS).split())
        nodes.append(
            Node(
                key=f"k{number}",
                identifier=identifier,
                kind=kind,
                title=title,
                parent=parent,
                depth=0 if parent is None else nodes[parent].depth + 1,
                statement=draw(st.just("") | WORDS),
                methods=draw(st.sampled_from([(), (MethodNote("test", ("bell",)),)])),
                parameters=draw(st.sampled_from([(), (Parameter("p", "x"),)])),
                related=tuple(Related("r", name) for name in draw(st.lists(NAMES, max_size=2, unique=True))),
                references=draw(st.sampled_from([(), (Reference("Act", "Cited", "https://example.com/"),)])),
                withdrawn_to=draw(st.sampled_from([(), (Destination("moved", "d", "B"),)])),
            )
        )
    if all(node.kind == Kind.GROUP for node in nodes):
        nodes.append(Node(key="last", identifier="Z", kind=Kind.REQUIREMENT, title="Last"))
    return tuple(nodes)


@settings(max_examples=250, deadline=None)
@given(trees())
def test_any_tree_comes_back_as_it_was(nodes: tuple[Node, ...]) -> None:
    read = read_brought(table_of(nodes), file_name="x.csv", title="x", label="1").catalogue.nodes
    assert adopted(read, current=nodes, requirements=()) == nodes
