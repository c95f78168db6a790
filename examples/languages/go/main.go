package main

import (
	"github.com/aws/jsii-runtime-go"
	"github.com/cdk8s-team/cdk8s-core-go/cdk8s/v2"
	"github.com/proofgate/proofgate-go/proofgate"
)

func main() {
	defer jsii.Close()
	app := cdk8s.NewApp(nil)
	chart := cdk8s.NewChart(app, jsii.String("enforcement"), nil)

	release := proofgate.KeylessAttestor_GithubWorkflow(chart, jsii.String("release"), &proofgate.GitHubWorkflowProps{
		Repository: jsii.String("acme/payments"),
		Workflow:   jsii.String(".github/workflows/release.yml"),
		Ref:        jsii.String("refs/heads/main"),
	})

	proofgate.NewSignedImagePolicy(chart, jsii.String("payments"), &proofgate.SignedImagePolicyProps{
		Images:     jsii.Strings("ghcr.io/acme/payments/**"),
		Namespaces: proofgate.NamespaceSelection_Names(jsii.String("payments")),
		Attestors:  &[]proofgate.Attestor{release},
		Requirements: &[]proofgate.Requirement{
			proofgate.NewSlsaProvenanceRequirement(chart, jsii.String("provenance"), &proofgate.SlsaProvenanceRequirementProps{
				Attestors: &[]proofgate.Attestor{release},
				Source:    jsii.String("https://github.com/acme/payments"),
			}),
		},
	})

	app.Synth()
}
