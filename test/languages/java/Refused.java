import dev.proofgate.GitHubWorkflowProps;
import dev.proofgate.KeylessAttestor;
import dev.proofgate.NamespaceSelection;
import dev.proofgate.SignedImagePolicy;
import java.util.List;
import org.cdk8s.App;
import org.cdk8s.Chart;

public class Refused {
    private static App app;
    private static Chart chart;

    private static void enforcement(String ref, String images) {
        app = new App();
        chart = new Chart(app, "enforcement");
        KeylessAttestor release = KeylessAttestor.githubWorkflow(chart, "release", GitHubWorkflowProps.builder()
            .repository("acme/payments").workflow(".github/workflows/release.yml").ref(ref).build());
        SignedImagePolicy.Builder.create(chart, "payments")
            .images(List.of(images)).namespaces(NamespaceSelection.except("sandbox")).attestors(List.of(release)).build();
    }

    private static void attempt(Runnable act) {
        try {
            act.run();
            System.out.println("allowed");
        } catch (RuntimeException error) {
            System.out.println(error.getMessage());
        }
    }

    public static void main(String[] args) {
        attempt(() -> enforcement("main", "ghcr.io/acme/payments"));
        attempt(() -> enforcement("refs/heads/main", "ghcr.io/acme*"));
        attempt(() -> {
            enforcement("refs/heads/main", "ghcr.io/acme/payments");
            app.synthYaml();
        });
    }
}
