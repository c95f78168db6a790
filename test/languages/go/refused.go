package main

import (
	"fmt"

	"github.com/aws/jsii-runtime-go"
	"github.com/cdk8s-team/cdk8s-core-go/cdk8s/v2"
	"github.com/proofgate/proofgate-go/proofgate"
)

func enforcement(ref, images string) (cdk8s.App, cdk8s.Chart) {
	app := cdk8s.NewApp(nil)
	chart := cdk8s.NewChart(app, jsii.String("enforcement"), nil)
	release := proofgate.KeylessAttestor_GithubWorkflow(chart, jsii.String("release"), &proofgate.GitHubWorkflowProps{
		Repository: jsii.String("acme/payments"), Workflow: jsii.String(".github/workflows/release.yml"), Ref: &ref,
	})
	proofgate.NewSignedImagePolicy(chart, jsii.String("payments"), &proofgate.SignedImagePolicyProps{
		Images: &[]*string{&images}, Namespaces: proofgate.NamespaceSelection_Except(jsii.String("sandbox")), Attestors: &[]proofgate.Attestor{release},
	})
	return app, chart
}

func attempt(act func()) {
	defer func() {
		if refused := recover(); refused != nil {
			fmt.Println(refused)
		}
	}()
	act()
	fmt.Println("allowed")
}

func main() {
	defer jsii.Close()
	attempt(func() { enforcement("main", "ghcr.io/acme/payments") })
	attempt(func() { enforcement("refs/heads/main", "ghcr.io/acme*") })
	attempt(func() {
		app, _ := enforcement("refs/heads/main", "ghcr.io/acme/payments")
		app.SynthYaml()
	})
}
