"""The page of hand-written rules, from their registry and their limits."""

from collections.abc import Iterator

from labeler.catalog import Catalog
from labeler.rules.registry import RULES_VERSION, Rule, all_rules
from labeler.workflows.printed.markdown import in_code, made_from, table, view_names


def rules_page(catalog: Catalog) -> Iterator[str]:
    """Every rule with its numbers and where they come from."""
    rules = all_rules()
    yield "# Rules"
    yield ""
    yield made_from("the registry in `labeler/rules` and its `thresholds.toml`")
    yield ""
    yield (
        f"Rules version {RULES_VERSION}: {len(rules)} hand-written rules, one per fault. They are"
        " the baseline that a trained model has to beat. A rule answers *fired*, *passed* or *not"
        " applicable*: the view cannot show the fault, the movement is not judged, or a feature is"
        " missing. Its score is the margin over the limit, in limits: from 0 on it fired."
    )
    yield ""
    for rule in rules:
        yield from _rule_section(rule, catalog)


def _rule_section(rule: Rule, catalog: Catalog) -> Iterator[str]:
    limits = rule.limits
    yield f"## {rule.fault}"
    yield ""
    yield f"[{catalog.fault(rule.fault).name}](faults.md#{rule.fault}). {rule.summary}"
    yield ""
    yield f"- Needs: {in_code(rule.needs)}"
    yield f"- Source of the limits: {limits.source}"
    if limits.movements:
        yield f"- Judges only: {in_code(limits.movements)}; of the others: {limits.why}"
    if limits.views:
        yield f"- Judges only the view: {view_names(limits.views)}; {limits.why}"
    yield ""
    yield from table(
        ("limit", "value"), ((f"`{name}`", f"{value:g}") for name, value in limits.values.items())
    )
    yield ""
