"""What axe finds wrong in a page."""

from axe_playwright_python.sync_playwright import Axe


def serious(page):
    """Axe's violations of weight, a line each."""
    found = Axe().run(page.page, options={"resultTypes": ["violations"]})
    return [
        f"{rule['id']} ({rule['impact']}): {node['target']} {node['html'][:160]}: {node['failureSummary'][:300]}"
        for rule in found.response["violations"]
        for node in rule["nodes"]
        if rule["impact"] in {"serious", "critical"}
    ]
