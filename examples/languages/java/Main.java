import dev.proofgate.GitHubWorkflowProps;
import dev.proofgate.KeylessAttestor;
import dev.proofgate.NamespaceSelection;
import dev.proofgate.SignedImagePolicy;
import dev.proofgate.SlsaProvenanceRequirement;
import java.util.List;
import org.cdk8s.App;
import org.cdk8s.Chart;

public class Main {
    public static void main(String[] args) {
        App app = new App();
        Chart chart = new Chart(app, "enforcement");

        KeylessAttestor release = KeylessAttestor.githubWorkflow(chart, "release", GitHubWorkflowProps.builder()
            .repository("acme/payments")
            .workflow(".github/workflows/release.yml")
            .ref("refs/heads/main")
            .build());

        SignedImagePolicy.Builder.create(chart, "payments")
            .images(List.of("ghcr.io/acme/payments/**"))
            .namespaces(NamespaceSelection.names("payments"))
            .attestors(List.of(release))
            .requirements(List.of(SlsaProvenanceRequirement.Builder.create(chart, "provenance")
                .attestors(List.of(release))
                .source("https://github.com/acme/payments")
                .build()))
            .build();

        app.synth();
    }
}
