from cdk8s import App, Chart
from proofgate import KeylessAttestor, NamespaceSelection, SignedImagePolicy, SlsaProvenanceRequirement

app = App()
chart = Chart(app, "enforcement")

release = KeylessAttestor.github_workflow(
    chart,
    "release",
    repository="acme/payments",
    workflow=".github/workflows/release.yml",
    refs=["refs/heads/main", "refs/tags/v*"],
)

SignedImagePolicy(
    chart,
    "payments",
    images=["ghcr.io/acme/payments/**"],
    namespaces=NamespaceSelection.except_("sandbox"),
    attestors=[release],
    requirements=[
        SlsaProvenanceRequirement(chart, "provenance", attestors=[release], source="https://github.com/acme/payments"),
    ],
)

app.synth()
