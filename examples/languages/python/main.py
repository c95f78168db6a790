from cdk8s import App, Chart
from proofgate import KeylessAttestor, NamespaceSelection, SignedImagePolicy, SlsaProvenanceRequirement

app = App()
chart = Chart(app, "enforcement")

release = KeylessAttestor.github_workflow(
    chart,
    "release",
    repository="acme/payments",
    workflow=".github/workflows/release.yml",
    ref="refs/heads/main",
)

SignedImagePolicy(
    chart,
    "payments",
    images=["ghcr.io/acme/payments/**"],
    namespaces=NamespaceSelection.names("payments"),
    attestors=[release],
    requirements=[
        SlsaProvenanceRequirement(chart, "provenance", attestors=[release], source="https://github.com/acme/payments"),
    ],
)

app.synth()
