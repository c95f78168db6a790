from cdk8s import App, Chart
from proofgate import KeylessAttestor, NamespaceSelection, SignedImagePolicy


def enforcement(ref, images):
    app = App()
    chart = Chart(app, "enforcement")
    release = KeylessAttestor.github_workflow(
        chart, "release", repository="acme/payments", workflow=".github/workflows/release.yml", ref=ref
    )
    SignedImagePolicy(
        chart, "payments", images=[images], namespaces=NamespaceSelection.except_("sandbox"), attestors=[release]
    )
    return app, chart


def attempt(act):
    try:
        act()
        print("allowed")
    except RuntimeError as error:
        print(error)


attempt(lambda: enforcement("main", "ghcr.io/acme/payments"))
attempt(lambda: enforcement("refs/heads/main", "ghcr.io/acme*"))
attempt(lambda: enforcement("refs/heads/main", "ghcr.io/acme/payments")[0].synth_yaml())
