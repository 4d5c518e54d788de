"""What keeps people from using a page, as far as axe-core can tell."""

from axe_playwright_python.sync_playwright import Axe

SERIOUS = {"serious", "critical"}


def barriers(tab):
    """What axe-core calls serious or worse: rule, element, what is wrong."""
    found = Axe().run(tab).response["violations"]
    return [
        (rule["id"], node["html"][:120], node["failureSummary"])
        for rule in found
        if rule["impact"] in SERIOUS
        for node in rule["nodes"]
    ]
